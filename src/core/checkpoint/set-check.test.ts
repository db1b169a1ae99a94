import { describe, expect, it } from "vitest";
import { decoderOf } from "../decoder/families";
import { sentence } from "../result";
import { openSet } from "./open-set";
import {
  encodeSafetensors,
  mixedSafetensors,
  type RawTensor,
  rawTensor,
  seededValues,
  TINY_CONFIG,
  TINY_TOKENIZER,
  type TinyFiles,
  type TinyTensor,
  tinyTensors,
} from "./tiny-checkpoint";
import { type TinySet, tinySet } from "./tiny-set";

const json = (value: unknown) => JSON.stringify(value);

/** A set of base and one component "math", each with files of its own beside the tiny Qwen3's. */
function setOf(base: TinyFiles, math: TinyFiles): TinySet {
  const set = tinySet(["math"]);
  set.files.base = { ...set.files.base, ...base };
  set.files.math = { ...set.files.math, ...math };
  return set;
}
async function opened(set: TinySet) {
  const result = await openSet(set.spec, set.folders);
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}
async function refusal(set: TinySet) {
  const result = await openSet(set.spec, set.folders);
  return result.ok ? "accepted" : sentence(result.problem);
}
const config = (changes: object) => ({ "config.json": json({ ...TINY_CONFIG, ...changes }) });
const weights = (...tensors: RawTensor[]) => ({ "model.safetensors": mixedSafetensors(tensors) });
const floats = (name: string, shape: number[], seed = 1): TinyTensor => ({
  name,
  shape,
  data: seededValues(
    seed,
    shape.reduce((a, b) => a * b, 1),
  ),
});
const bytes = (name: string, dtype: string, shape: number[], ...content: number[]): RawTensor => ({
  name,
  dtype,
  shape,
  bytes: Uint8Array.from(content),
});
const base = tinyTensors(0).map((t) => rawTensor(t));
const own = tinyTensors(1).map((t) => rawTensor(t));

/** Part of a tiny GPT-Neo as older code saved it: no prefix, with causal masks. */
function gptNeo(seed: number, ...more: RawTensor[]): TinyFiles {
  const tensors = [
    floats("wte.weight", [10, 4], seed),
    floats("wpe.weight", [6, 4], seed + 1),
    floats("h.0.ln_1.weight", [4], seed + 2),
    floats("h.0.attn.c_attn.weight", [4, 12], seed + 3),
    floats("h.0.mlp.c_fc.weight", [4, 16], seed + 4),
    floats("ln_f.weight", [4], seed + 5),
  ].map((t) => rawTensor(t));
  const mask = bytes("h.0.attn.bias", "U8", [1, 1, 2, 2], 1, 0, 1, 1);
  return {
    "config.json": json({
      model_type: "gpt_neo",
      architectures: ["GPTNeoForCausalLM"],
      vocab_size: 10,
      n_embd: 4,
    }),
    ...weights(...tensors, mask, ...more),
  };
}

describe("any architecture", () => {
  it("opens what cannot be scored, and says why", async () => {
    const set = await opened(setOf(gptNeo(1), gptNeo(9)));
    expect(set.decoder).toBeNull();
    expect(set.undecodable && sentence(set.undecodable)).toMatch(
      /base\/config.json: model_type is "gpt_neo"; computed are .*. It can be merged and written, but not scored/,
    );
    expect(set.architecture).toBe("GPTNeoForCausalLM");
    expect(set.tensors.map((t) => t.name)).toEqual([
      "wte.weight",
      "wpe.weight",
      "h.0.ln_1.weight",
      "h.0.attn.c_attn.weight",
      "h.0.mlp.c_fc.weight",
      "ln_f.weight",
    ]);
    expect(set.parameters).toBe(40 + 24 + 4 + 48 + 64 + 4);
    expect(set.warnings).toEqual([
      expect.stringMatching(/base\/model.safetensors: "h.0.attn.bias" is a stored constant.*ignored/),
      expect.stringMatching(/math\/model.safetensors: "h.0.attn.bias" is a stored constant.*ignored/),
    ]);
  });

  it.each(["", "transformer."])("reads gpt2's own names, which begin with %j", async (prefix) => {
    const fields = { model_type: "gpt2", vocab_size: 10, n_embd: 4, n_layer: 1, n_head: 2, n_positions: 6 };
    const model = decoderOf(fields, "config.json");
    if (!model.ok) throw new Error(sentence(model.problem));
    const tensors = model.value.weights.map(({ name, shape }, i) =>
      rawTensor(floats(name.replace("transformer.", prefix), [...shape], i)),
    );
    const mask = bytes(`${prefix}h.0.attn.bias`, "U8", [1, 1, 2, 2], 1, 0, 1, 1);
    const head = rawTensor(floats("lm_head.weight", [10, 4], 0));
    const files = { "config.json": json(fields), ...weights(...tensors, mask, head) };
    const set = await opened(setOf(files, files));
    expect(set.decoder?.weights.map((w) => w.name)).toEqual(set.tensors.map((t) => t.name));
    expect(set.decoder?.weights[0]?.name).toBe(`${prefix}wte.weight`);
    expect(set.tiedHeads.map((t) => t.head)).toEqual(["lm_head.weight", "lm_head.weight"]);
    const short = { ...files, ...weights(...tensors.slice(0, -1)) };
    expect(await refusal(setOf(short, files))).toContain(`tensor ${prefix}ln_f.bias: the weights lack this`);
  });

  it("gives Qwen3's decoder configuration", async () => {
    const set = await opened(tinySet(["math"]));
    expect(set.decoder?.hidden).toBe(8);
    expect(set.undecodable).toBeNull();
  });

  it("keeps the file's order of tensors", async () => {
    const set = await opened(setOf(weights(...[...base].reverse()), {}));
    expect(set.tensors.map((t) => t.name)).toEqual(base.map((t) => t.name).reverse());
  });

  it("refuses a Qwen3 base whose weights are not what its config calls for", async () => {
    expect(await refusal(setOf(weights(...base.slice(1)), {}))).toMatch(
      /base, tensor model.embed_tokens.weight: the weights lack this tensor, which config.json calls for/,
    );
    const extra = rawTensor(floats("extra.weight", [3]));
    expect(await refusal(setOf(weights(...base, extra), weights(...own, extra)))).toMatch(
      /tensor extra.weight: this tensor has no place in the model that config.json describes/,
    );
  });
});

describe("config fields", () => {
  it.each([
    ["an unknown field", { logit_scale: 2 }, /"logit_scale" is 2, the base's absent/],
    ["a changed activation", { hidden_act: "gelu" }, /"hidden_act" is "gelu", the base's "silu"/],
    [
      "scaled positions",
      { rope_scaling: { type: "linear", factor: 2 } },
      /"rope_scaling" is \{"rope_type":"linear"/,
    ],
    [
      "scaled positions in the new place",
      { rope_parameters: { rope_type: "yarn", factor: 2 } },
      /"rope_scaling" is \{"rope_type":"yarn"/,
    ],
    [
      "another rope_theta in the new place",
      { rope_parameters: { rope_theta: 5e5 } },
      /"rope_theta" is 500000/,
    ],
    ["a bias", { attention_bias: true }, /"attention_bias" is true, the base's absent/],
    ["sliding windows", { use_sliding_window: true, sliding_window: 8 }, /"use_sliding_window" is true/],
    ["layer types", { layer_types: ["full_attention", "sliding_attention"] }, /"layer_types" is \[/],
    ["another epsilon", { rms_norm_eps: 1e-5 }, /"rms_norm_eps" is 0.00001, the base's 0.000001/],
    ["a nested field", { vision_config: { depth: 2 } }, /"vision_config" is \{"depth":2\}/],
    [
      "another number of tokens, the shapes being equal",
      { vocab_size: 11 },
      /"vocab_size" is 11, the base's 10/,
    ],
    ["another class", { architectures: ["Qwen3ForSequenceClassification"] }, /"architectures"/],
  ])("refuses %s", async (_, changes, message) => {
    expect(await refusal(setOf({}, config(changes)))).toMatch(message);
  });

  it.each([
    [
      "harmless fields",
      { transformers_version: "9", torch_dtype: "float16", use_cache: false, eos_token_id: 3 },
    ],
    [
      "spelled-out defaults",
      { attention_bias: false, rope_scaling: null, sliding_window: null, pretraining_tp: 1 },
    ],
    [
      "the spelling of transformers 5",
      {
        rope_theta: undefined,
        rope_parameters: { rope_theta: 10000, rope_type: "default" },
        layer_types: ["full_attention", "full_attention"],
        max_window_layers: 28,
        use_sliding_window: false,
        dtype: "bfloat16",
      },
    ],
    ["left-out defaults", { tie_word_embeddings: true, rms_norm_eps: undefined, rope_theta: undefined }],
    ["no architectures", { architectures: undefined }],
  ])("accepts %s", async (_, changes) => {
    expect((await opened(setOf({}, config(changes)))).warnings).toEqual([]);
  });
});

describe("quantised checkpoints", () => {
  it.each([
    ["model.layers.0.mlp.up_proj.qweight", "I32"],
    ["model.layers.0.mlp.up_proj.qzeros", "I32"],
    ["model.layers.0.mlp.up_proj.g_idx", "I32"],
    ["model.layers.0.mlp.up_proj.weight.absmax", "F32"],
    ["model.layers.0.mlp.up_proj.weight.quant_state.bitsandbytes__nf4", "U8"],
    ["model.layers.0.mlp.up_proj.SCB", "F32"],
    ["model.layers.0.mlp.up_proj.weight_scale_inv", "F32"],
    ["model.layers.0.mlp.up_proj.weight_packed", "I32"],
  ])("are refused by the tensor %s", async (name, dtype) => {
    const size = dtype === "U8" ? 1 : 4;
    const tensor = bytes(name, dtype, [1], ...new Uint8Array(size));
    const said = await refusal(setOf({}, weights(...own, tensor)));
    expect(said).toContain(
      `math/model.safetensors, tensor ${name}: this tensor belongs to quantised weights`,
    );
    expect(said).toMatch(/Use the original checkpoint, or dequantise it.*dequantize\(\)/);
  });

  it("are refused by quantization_config, in base and component", async () => {
    const fp8 = config({ quantization_config: { quant_method: "fp8" } });
    expect(await refusal(setOf({}, fp8))).toMatch(/math\/config.json: quantization_config is set \("fp8"\)/);
    expect(await refusal(setOf(fp8, {}))).toMatch(/base\/config.json: quantization_config is set/);
  });

  it("dtypes that nobody merges are refused by tensor", async () => {
    const odd = own.map((t, i) => (i === 3 ? { ...t, dtype: "F8_E8M0", shape: [t.bytes.length] } : t));
    expect(await refusal(setOf({}, weights(...odd)))).toMatch(
      /k_proj.weight: its dtype F8_E8M0 \(8 bits\) cannot/,
    );
    const whole = own.map((t, i) => (i === 3 ? { ...t, dtype: "I32" } : t));
    expect(await refusal(setOf({}, weights(...whole)))).toMatch(
      /k_proj.weight: its dtype I32 cannot be merged/,
    );
  });
});

describe("buffers that are no weights", () => {
  const table = (...content: number[]) => bytes("model.table", "U8", [content.length], ...content);

  it("are taken from the base where all have them", async () => {
    const set = await opened(setOf(weights(...base, table(1, 2)), weights(...own, table(1, 2))));
    expect(set.buffers).toEqual([{ name: "model.table", dtype: "U8", shape: [2] }]);
    expect(set.tensors.map((t) => t.name)).not.toContain("model.table");
    const raw = await set.base.raw("model.table");
    expect(raw.ok && [...raw.value]).toEqual([1, 2]);
  });

  it.each([
    ["differ", [table(1, 3)], /tensor model.table: this buffer.*differs from the base's at byte 1/],
    ["have another shape", [table(1)], /this buffer is U8 \[1\], the base's U8 \[2\]/],
    ["are missing", [], /math, tensor model.table: this buffer of the base is missing/],
    ["are more", [table(1, 2), bytes("more", "BOOL", [1], 1)], /tensor more: this tensor has no place/],
  ])("are refused where they %s", async (_, tables, message) => {
    expect(await refusal(setOf(weights(...base, table(1, 2)), weights(...own, ...tables)))).toMatch(message);
  });
});

describe("a head beside a tied embedding", () => {
  const head = (embedding: RawTensor): RawTensor => ({ ...embedding, name: "lm_head.weight" });

  it("is left out of the merge, in base and component", async () => {
    const set = await opened(setOf(weights(...base, head(base[0]!)), weights(...own, head(own[0]!))));
    expect(set.tensors.map((t) => t.name)).not.toContain("lm_head.weight");
    expect(set.tiedHeads.map((t) => [t.checkpoint.name, t.head, t.embedding])).toEqual([
      ["base", "lm_head.weight", "model.embed_tokens.weight"],
      ["math", "lm_head.weight", "model.embed_tokens.weight"],
    ]);
    expect(set.warnings.join()).toMatch(
      /base\/model.safetensors holds lm_head.weight.*math\/model.safetensors/,
    );
  });

  it("is merged where it is not tied", async () => {
    const untied = config({ tie_word_embeddings: false });
    const set = await opened(
      setOf(
        { ...untied, ...weights(...base, head(base[0]!)) },
        { ...untied, ...weights(...own, head(own[0]!)) },
      ),
    );
    expect(set.tensors.map((t) => t.name)).toContain("lm_head.weight");
    expect(set.tiedHeads).toEqual([]);
  });
});

describe("rows of padding", () => {
  // Ids up to 8, so that of the base's 10 rows the last one is padding.
  const tokenizer = json({ ...TINY_TOKENIZER, added_tokens: [{ id: 8, content: "<|end|>", special: true }] });
  const withRows = (rows: number, seed: number, dtype?: "BF16"): TinyFiles => {
    const tensors = tinyTensors(seed, { ...TINY_CONFIG, vocab_size: rows });
    return {
      ...config({ vocab_size: rows }),
      "model.safetensors": encodeSafetensors(tensors, dtype),
      "tokenizer.json": tokenizer,
    };
  };
  const embedding = "model.embed_tokens.weight";
  const rowsOf = (seed: number, rows: number) =>
    tinyTensors(seed, { ...TINY_CONFIG, vocab_size: rows })[0]!.data;

  it("are cut to the base's, and said so", async () => {
    const set = await opened(setOf(withRows(10, 0), withRows(13, 1)));
    expect(set.warnings).toEqual([
      "math has 13 rows of vocabulary, the base 10; the tokenizer has ids up to 8, so they differ in padding only: its rows beyond are cut.",
    ]);
    const { checkpoint } = set.components[0]!;
    expect(checkpoint.info(embedding)?.shape).toEqual([10, 8]);
    const tensor = await checkpoint.tensor(embedding);
    expect(tensor.ok && tensor.value).toEqual(rowsOf(1, 13).slice(0, 80));
  });

  it.each([undefined, "BF16"] as const)("are completed with the base's, component in %s", async (dtype) => {
    const set = await opened(setOf(withRows(12, 0), withRows(9, 1, dtype)));
    expect(set.warnings[0]).toMatch(/9 rows of vocabulary, the base 12.*its missing rows are the base's/);
    const { checkpoint } = set.components[0]!;
    const whole = await checkpoint.tensor(embedding);
    if (!whole.ok) throw new Error(sentence(whole.problem));
    expect(whole.value.slice(72)).toEqual(rowsOf(0, 12).slice(72));
    const mine = rowsOf(1, 9);
    for (const [i, value] of mine.entries())
      expect(Math.abs(whole.value[i]! - value)).toBeLessThanOrEqual(dtype ? 2 ** -8 : 0);
    for (const [from, to] of [
      [0, 5],
      [70, 75],
      [72, 96],
      [90, 90],
    ] as const) {
      const part = await checkpoint.values(embedding, { from, to });
      if (!part.ok) throw new Error(sentence(part.problem));
      expect(part.value.dtype).toBe("F32");
      expect(new Float32Array(part.value.bytes.slice().buffer)).toEqual(whole.value.slice(from, to));
    }
    const norm = await checkpoint.values("model.norm.weight");
    expect(norm.ok && norm.value.dtype).toBe(dtype ?? "F32");
  });

  it("are refused where a row belongs to a token", async () => {
    expect(await refusal(setOf(withRows(10, 0), withRows(8, 1)))).toMatch(
      /math\/model.safetensors, tensor model.embed_tokens.weight: its shape is \[8, 8\], the base's \[10, 8\], but the tokenizer has ids up to 8: the component "math" differs in rows of tokens/,
    );
  });

  it("are refused without a tokenizer", async () => {
    const set = setOf(withRows(10, 0), withRows(13, 1));
    delete set.files.base!["tokenizer.json"];
    delete set.files.math!["tokenizer.json"];
    expect(await refusal(set)).toMatch(/without a tokenizer.json it is not known which rows are padding/);
  });

  it("do not excuse other shapes", async () => {
    const tensors = tinyTensors(1, { ...TINY_CONFIG, vocab_size: 13 });
    const wider = tensors.map((t, i) => (i === 0 ? { ...t, shape: [13, 4], data: t.data.slice(0, 52) } : t));
    const files = { ...withRows(13, 1), "model.safetensors": encodeSafetensors(wider) };
    expect(await refusal(setOf(withRows(10, 0), files))).toMatch(
      /its shape is \[13, 4\], the base's \[10, 8\]\./,
    );
  });
});

describe("without tokenizer.json", () => {
  const bare = (special: object | null, math: object | null) => {
    const set = setOf({}, {});
    for (const [id, tokens] of [
      ["base", special],
      ["math", math],
    ] as const) {
      delete set.files[id]!["tokenizer.json"];
      if (tokens) set.files[id]!["tokenizer_config.json"] = json(tokens);
    }
    return set;
  };

  it("special tokens are compared, in either spelling", async () => {
    const set = await opened(bare({ eos_token: "</s>" }, { eos_token: { content: "</s>", lstrip: false } }));
    expect(set.tokenizer).toBeNull();
    expect(set.warnings).toEqual([expect.stringMatching(/Neither math nor the base has a tokenizer.json/)]);
    expect(await refusal(bare({ eos_token: "</s>" }, { eos_token: "<end>" }))).toMatch(
      /math\/tokenizer_config.json: the component "math" cannot be merged: its tokenizer has "<end>" as "eos_token", the base's has "<\/s>"/,
    );
    expect(await refusal(bare({ additional_special_tokens: ["a"] }, {}))).toMatch(
      /has nothing as "additional/,
    );
  });

  it("a base without, a component with one is said", async () => {
    const set = setOf({}, {});
    delete set.files.base!["tokenizer.json"];
    expect((await opened(set)).warnings).toEqual([
      "The base has no tokenizer.json: the vocabulary of math was not compared.",
    ]);
  });
});
