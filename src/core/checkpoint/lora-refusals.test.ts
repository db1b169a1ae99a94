import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../canonical";
import { sentence } from "../result";
import { measureHealth } from "./health";
import { parseLoraConfig } from "./lora-config";
import { openSet } from "./open-set";
import { setHash, withSums } from "./set-hash";
import {
  encodeSafetensors,
  seededValues,
  TINY_CONFIG,
  TINY_TOKENIZER,
  type TinyFiles,
  type TinyTensor,
} from "./tiny-checkpoint";
import { tinySet } from "./tiny-set";

const ADAPTER = {
  peft_type: "LORA",
  r: 2,
  lora_alpha: 4,
  target_modules: ["q_proj", "up_proj"],
  bias: "none",
};
const MODULE = "base_model.model.model.layers.0.self_attn.q_proj";
const tensor = (name: string, ...shape: number[]): TinyTensor => ({
  name,
  shape,
  data: seededValues(
    7,
    shape.reduce((a, b) => a * b, 1),
  ),
});
const A = tensor(`${MODULE}.lora_A.weight`, 2, 8);
const B = tensor(`${MODULE}.lora_B.weight`, 16, 2);
const others = ["0.mlp.up_proj", "1.self_attn.q_proj", "1.mlp.up_proj"].flatMap((module) => {
  const name = `base_model.model.model.layers.${module}`;
  const out = module.endsWith("up_proj") ? 12 : 16;
  return [tensor(`${name}.lora_A.weight`, 2, 8), tensor(`${name}.lora_B.weight`, out, 2)];
});
const whole = [A, B, ...others];

/** The tiny set with the adapter "own" as its only component. */
function setOf(config: object, tensors: readonly TinyTensor[] = whole, more: TinyFiles = {}) {
  const set = tinySet(["own"]);
  set.files.own = {
    "adapter_config.json": JSON.stringify({ ...ADAPTER, ...config }),
    "adapter_model.safetensors": encodeSafetensors(tensors),
    ...more,
  };
  return set;
}
const open = (...set: Parameters<typeof setOf>) => {
  const { spec, folders } = setOf(...set);
  return openSet(spec, folders);
};
async function refusal(...set: Parameters<typeof setOf>) {
  const opened = await open(...set);
  return opened.ok ? "accepted" : sentence(opened.problem);
}

describe("an adapter", () => {
  it("is a component of the base's configuration, without config.json", async () => {
    const opened = await open({});
    if (!opened.ok) throw new Error(sentence(opened.problem));
    expect(opened.value.warnings).toEqual([]);
    const { checkpoint } = opened.value.components[0]!;
    expect(checkpoint.files.map((f) => f.path)).toEqual(["adapter_model.safetensors", "adapter_config.json"]);
    expect(checkpoint.info("model.layers.0.self_attn.q_proj.weight")?.file).toBe(
      "own/adapter_model.safetensors",
    );
    expect(checkpoint.info("model.norm.weight")?.file).toBe("base/model.safetensors");
  });

  it("counts in the set hash with both its files", async () => {
    const { spec, folders, files } = setOf({});
    const opened = await openSet(spec, folders);
    if (!opened.ok) throw new Error(sentence(opened.problem));
    const result = await measureHealth(opened.value);
    if (!result.ok) throw new Error(sentence(result.problem));
    expect(result.value.health[0]!.delta).toBeGreaterThan(0);
    const own = result.value.sums.get("own")!;
    expect(own).toEqual({
      "adapter_model.safetensors": await sha256(files.own!["adapter_model.safetensors"] as Uint8Array),
      "adapter_config.json": await sha256(files.own!["adapter_config.json"] as string),
    });
    const full = withSums(spec, result.value.sums);
    expect(await setHash(full)).toMatch(/^[0-9a-f]{64}$/);
    const { "adapter_config.json": _, ...weights } = own;
    const stated = (sha: Record<string, string>) => ({
      ...full,
      components: full.components.map((c) => ({ ...c, sha256: sha })),
    });
    expect(await setHash(stated(weights))).toBeNull();
    expect(await setHash(withSums(stated(weights), result.value.sums))).toBe(await setHash(full));
    expect(await setHash(stated({ ...own, "adapter_config.json": "0".repeat(64) }))).not.toBe(
      await setHash(full),
    );
  });

  it("is found equal to the base where its B is zero", async () => {
    const idle = whole.map((t) =>
      t.name.includes("lora_B") ? { ...t, data: new Float32Array(t.data.length) } : t,
    );
    const opened = await open({}, idle);
    if (!opened.ok) throw new Error(sentence(opened.problem));
    const result = await measureHealth(opened.value);
    expect(result.ok && result.value.warnings).toEqual([
      '"own" has the base\'s weights: it was not trained.',
    ]);
  });

  it("has its overflow refused like any other", async () => {
    const huge = whole.map((t) => ({ ...t, data: t.data.map((v) => v * 1e30) }));
    const opened = await open({}, huge);
    if (!opened.ok) throw new Error(sentence(opened.problem));
    const result = await measureHealth(opened.value);
    expect(!result.ok && sentence(result.problem)).toMatch(
      /^own\/adapter_model.safetensors, tensor model.layers.0.self_attn.q_proj.weight: its value number \d+ is/,
    );
  });

  it("warns of modules that it names and lacks", async () => {
    const opened = await open({}, [A, B]);
    expect(opened.ok && opened.value.warnings).toEqual([
      'own has no tensors for 3 modules that its target_modules name, "model.layers.0.mlp.up_proj.weight" first: they stay the base\'s.',
    ]);
  });

  it.each([
    ["without a model prefix", (name: string) => name.replace("model.model.", "model.")],
    ["as PEFT names them", (name: string) => name],
  ])("finds the base's tensors %s", async (_, rename) => {
    const opened = await open(
      {},
      whole.map((t) => ({ ...t, name: rename(t.name) })),
    );
    expect(opened.ok && opened.value.warnings).toEqual([]);
  });
});

describe("is refused by field:", () => {
  it.each([
    [{ peft_type: "IA3" }, /own\/adapter_config.json: peft_type is "IA3"; only adapters of type "LORA"/],
    [{ peft_type: undefined }, /peft_type is missing/],
    [
      { use_dora: true },
      /"use_dora" is true, which is not computed here. Merge it with PEFT.*merge_and_unload/,
    ],
    [{ init_lora_weights: "pissa" }, /init_lora_weights is "pissa", which may change the base's weights/],
    [{ init_lora_weights: "pissa_niter_16" }, /init_lora_weights is "pissa_niter_16"/],
    [{ init_lora_weights: "loftq" }, /init_lora_weights is "loftq"/],
    [{ init_lora_weights: "olora" }, /init_lora_weights is "olora"/],
    [{ init_lora_weights: "corda" }, /init_lora_weights is "corda"/],
    [{ megatron_config: { hidden: 1 } }, /"megatron_config"/],
    [{ layer_replication: [[0, 2]] }, /"layer_replication" is \[\[0,2\]\]/],
    [{ target_parameters: ["experts.w1"] }, /"target_parameters"/],
    [{ trainable_token_indices: [1] }, /"trainable_token_indices"/],
    [{ alora_invocation_tokens: [1] }, /"alora_invocation_tokens"/],
    [{ ensure_weight_tying: true }, /"ensure_weight_tying"/],
    [{ some_new_thing: { a: 1 } }, /"some_new_thing" is \{"a":1\}/],
    [{ bias: "some" }, /bias is "some", not "none"/],
    [{ r: 0 }, /r is 0, no whole number/],
    [{ r: "8" }, /r is "8"/],
    [{ lora_alpha: "x" }, /lora_alpha is "x", no number/],
    [{ rank_pattern: [1] }, /rank_pattern is \[1\], no object/],
    [{ rank_pattern: { q_proj: 1.5 } }, /rank_pattern\["q_proj"\] is 1.5/],
    [{ alpha_pattern: { q_proj: null } }, /alpha_pattern\["q_proj"\] is null/],
    [{ rank_pattern: { "(?=q)": 4 } }, /The pattern .*\(\?=q\).* is not read here/],
    [{ target_modules: 3 }, /target_modules is 3, no list of names/],
    [{ use_rslora: 1 }, /use_rslora is 1, neither true nor false/],
    [{ layers_to_transform: ["1"] }, /layers_to_transform is \["1"\]/],
    [{ layers_pattern: "a|b" }, /layers_pattern is "a\|b", a pattern/],
  ])("%j", async (changes, message) => {
    expect(await refusal(changes)).toMatch(message);
  });
});

describe("is refused by tensor:", () => {
  const rename = (t: TinyTensor, from: string, to: string) => ({ ...t, name: t.name.replace(from, to) });
  it.each([
    [
      "a name without PEFT's prefix",
      {},
      [rename(A, "base_model.model.", ""), B],
      /does not begin with "base_model.model."/,
    ],
    ["A without B", {}, [A], /tensor base_model.*lora_A.weight: the module lacks its lora_B/],
    ["B without A", {}, [B], /lora_B.weight: the module lacks its lora_A/],
    ["a module that is not targeted", { target_modules: ["k_proj"] }, [A, B], /does not name this module/],
    ["an excluded module", { exclude_modules: ["q_proj"] }, [A, B], /does not name this module/],
    ["a module of another layer", { layers_to_transform: [1] }, [A, B], /does not name this module/],
    ["a saved module", { modules_to_save: ["q_proj"] }, [A, B], /does not name this module/],
    [
      "a module that the base lacks",
      { target_modules: ["z_proj"] },
      [rename(A, "q_proj", "z_proj"), rename(B, "q_proj", "z_proj")],
      /the base has no tensor "model.layers.0.self_attn.z_proj.weight"/,
    ],
    [
      "another rank",
      { r: 4 },
      [A, B],
      /its rank is 2, that of its partner 2, but adapter_config.json gives 4/,
    ],
    ["another rank by pattern", { rank_pattern: { q_proj: 3 } }, [A, B], /adapter_config.json gives 3/],
    [
      "another shape",
      {},
      [A, tensor(B.name, 15, 2)],
      /it makes an update of \[15, 8\], but the base's "model.layers.0.self_attn.q_proj.weight" is \[16, 8\]/,
    ],
    ["a convolution", {}, [tensor(A.name, 2, 8, 1, 1), tensor(B.name, 16, 2, 1, 1)], /convolutions/],
    [
      "DoRA's magnitudes",
      {},
      [A, B, tensor(`${MODULE}.lora_magnitude_vector`, 16)],
      /lora_magnitude_vector: this tensor is no part of a LoRA/,
    ],
    [
      "an adapter's name",
      {},
      [rename(A, "lora_A.", "lora_A.default."), B],
      /lora_A.default.weight: this tensor is no part|lacks its lora_A/,
    ],
    [
      "a bias that the base lacks",
      {},
      [A, B, tensor(`${MODULE}.lora_B.bias`, 16)],
      /the base's module has no bias/,
    ],
    [
      "a saved tensor of another shape",
      {},
      [A, B, tensor("base_model.model.model.embed_tokens.weight", 12, 8)],
      /its shape is \[12, 8\], the base's \[10, 8\].*resizes the vocabulary/,
    ],
    [
      "a head that the base ties",
      {},
      [A, B, tensor("base_model.model.lm_head.weight", 10, 8)],
      /lm_head.weight: the base has no output head of its own: it is tied/,
    ],
    [
      "one tensor in two ways",
      {},
      [A, B, tensor(`${MODULE}.weight`, 16, 8)],
      /q_proj.weight: the adapter changes this tensor twice/,
    ],
    ["nothing", {}, [], /the adapter holds no tensors/],
  ] as [string, object, TinyTensor[], RegExp][])("%s", async (_, config, tensors, message) => {
    const said = await refusal(config, tensors);
    expect(said).toMatch(message);
    expect(said).toMatch(/^own\/adapter_model.safetensors/);
  });

  it("a dtype that is no number", async () => {
    const file = encodeSafetensors(whole);
    const text = new TextDecoder("latin1").decode(file).replace('"dtype":"F32"', '"dtype":"I32"');
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(await refusal({}, whole, { "adapter_model.safetensors": bytes })).toMatch(
      /its dtype I32 is not read/,
    );
  });
});

describe("folders", () => {
  it("with an adapter in pickle format are refused with a command", async () => {
    const set = setOf({}, whole, { "adapter_model.bin": "x" });
    delete set.files.own!["adapter_model.safetensors"];
    const opened = await openSet(set.spec, set.folders);
    expect(!opened.ok && sentence(opened.problem)).toMatch(
      /own\/adapter_model.bin: holds an adapter in PyTorch's pickle format.*AutoPeftModelForCausalLM/,
    );
  });

  it("with an adapter's config only are refused", async () => {
    const set = setOf({});
    delete set.files.own!["adapter_model.safetensors"];
    const opened = await openSet(set.spec, set.folders);
    expect(!opened.ok && sentence(opened.problem)).toMatch(
      /own: the folder has adapter_config.json, but no adapter_model/,
    );
  });

  it("with an adapter cannot be a base", async () => {
    const set = setOf({});
    set.files.base = set.files.own!;
    const opened = await openSet(set.spec, set.folders);
    expect(!opened.ok && sentence(opened.problem)).toMatch(
      /the base is a LoRA adapter.*Take as base the model/,
    );
  });

  it("with a model beside the adapter are the model", async () => {
    const set = setOf({});
    set.files.own = { ...set.files.base, ...set.files.own };
    const opened = await openSet(set.spec, set.folders);
    expect(opened.ok && opened.value.components[0]!.checkpoint.files[0]!.path).toBe("model.safetensors");
  });

  it("have their tokenizer compared with the base's", async () => {
    const tokenizer = { ...TINY_TOKENIZER, added_tokens: [{ id: 9, content: "<|start|>", special: true }] };
    expect(await refusal({}, whole, { "tokenizer.json": JSON.stringify(tokenizer) })).toMatch(
      /own\/tokenizer.json: the component "own" cannot be merged: its tokenizer treats the added token/,
    );
    expect(TINY_CONFIG.vocab_size).toBe(10);
  });
});

it("parseLoraConfig never throws", () => {
  const keys = [
    ..."peft_type r lora_alpha rank_pattern alpha_pattern target_modules bias layers_to_transform".split(" "),
    "__proto__",
    "x",
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (changes) => {
      const result = parseLoraConfig({ ...ADAPTER, ...changes }, "own/adapter_config.json");
      expect(result.ok || sentence(result.problem)).toSatisfy(
        (said: unknown) => said === true || String(said).startsWith("own/adapter_config.json: "),
      );
    }),
    { seed: 2, numRuns: 2000 },
  );
});
