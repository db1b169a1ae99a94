import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import { openSet } from "./open-set";
import {
  encodeSafetensors,
  TINY_CONFIG,
  TINY_TOKENIZER,
  type TinyFiles,
  tinyTensors,
} from "./tiny-checkpoint";
import { type TinySet, tinySet } from "./tiny-set";

const open = (set: TinySet) => openSet(set.spec, set.folders);

/** A set of two whose second component's folder has other files. */
function changed(files: TinyFiles, whose = "math"): TinySet {
  const set = tinySet(["code", "math"]);
  set.files[whose] = { ...set.files[whose], ...files };
  return set;
}
const json = (value: unknown) => JSON.stringify(value);
const tokenizer = (changes: object) => ({ "tokenizer.json": json({ ...TINY_TOKENIZER, ...changes }) });
const model = (changes: object) => tokenizer({ model: { ...TINY_TOKENIZER.model, ...changes } });
const config = (changes: object) => ({ "config.json": json({ ...TINY_CONFIG, ...changes }) });
const weights = (tensors: Parameters<typeof encodeSafetensors>[0], dtype?: "BF16") => ({
  "model.safetensors": encodeSafetensors(tensors, dtype),
});
const tensors = tinyTensors(2);
const head = { name: "lm_head.weight", shape: [10, 8], data: new Float32Array(80) };

async function opened(set: TinySet) {
  const result = await open(set);
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

describe("openSet accepts", () => {
  it("a set that fits, and reports progress", async () => {
    const set = tinySet(["general", "code"]);
    const seen: number[] = [];
    const result = await openSet(set.spec, set.folders, { onProgress: (p) => seen.push(p.done) });
    if (!result.ok) throw new Error(sentence(result.problem));
    expect(seen).toEqual([1, 2, 3]);
    expect(result.value).toMatchObject({
      parameters: 1480,
      dtype: "F32",
      warnings: [],
      architecture: "Qwen3ForCausalLM",
    });
    expect(result.value.components.map((c) => c.member.id)).toEqual(["general", "code"]);
    expect(result.value.bytes).toBe(3 * result.value.base.bytes);
    expect(result.value.tensors).toHaveLength(24);
  });

  it.each([
    [
      "white space and both spellings of merges",
      {
        "tokenizer.json": json({
          ...TINY_TOKENIZER,
          model: {
            ...TINY_TOKENIZER.model,
            merges: [
              ["a", "b"],
              ["ab", "c"],
            ],
            dropout: null,
          },
        }).replaceAll(",", " ,\n"),
      },
      [],
    ],
    ["a vocabulary in another order", model({ vocab: { abc: 4, ab: 3, c: 2, b: 1, a: 0 } }), []],
    ["another dtype, with a warning", weights(tensors, "BF16"), [/F32 and BF16/]],
    [
      "a head beside a tied embedding, with a warning",
      weights([...tensors, head]),
      [/math\/model.safetensors holds lm_head.weight/],
    ],
    [
      "other position limits, with a warning",
      config({ max_position_embeddings: 32 }),
      [/max_position_embeddings is 32/],
    ],
  ] as [string, TinyFiles, RegExp[]][])("%s", async (_, files, warnings) => {
    const set = await opened(changed(files));
    expect(set.warnings).toHaveLength(warnings.length);
    for (const [i, pattern] of warnings.entries()) expect(set.warnings[i]).toMatch(pattern);
  });

  it("a component without a tokenizer, with a warning", async () => {
    const set = tinySet(["code"]);
    delete set.files.code!["tokenizer.json"];
    expect((await opened(set)).warnings[0]).toMatch(/code has no tokenizer.json/);
  });

  it("other shares than the set's, with a warning", async () => {
    const { spec, folders } = tinySet(["code"]);
    const low = { ...spec, beta: 0.25 };
    const result = await openSet(low, folders);
    expect(result.ok && result.value.warnings.join(" ")).toMatch(
      /β is 0.25.*"code" was trained with β = 0.5/,
    );
  });
});

describe("openSet refuses", () => {
  const cases: [string, TinySet, RegExp][] = [
    [
      "another architecture",
      changed(config({ model_type: "llama" })),
      /math\/config.json: the component "math" cannot be merged: "model_type" is "llama", the base's "qwen3"/,
    ],
    [
      "another number of layers",
      changed(config({ num_hidden_layers: 3 })),
      /math\/config.json: the component "math" cannot be merged: "num_hidden_layers" is 3, the base's 2. Use components/,
    ],
    ["another rope_theta", changed(config({ rope_theta: 1e6 })), /"rope_theta" is 1000000/],
    [
      "a missing tensor",
      changed(weights(tensors.slice(1))),
      /tensor model.embed_tokens.weight: the weights lack/,
    ],
    [
      "an extra tensor",
      changed(weights([...tensors, { ...head, name: "extra.bias" }])),
      /tensor extra.bias: .*no place/,
    ],
    [
      "a head of another shape",
      changed(weights([...tensors, { ...head, shape: [80] }])),
      /lm_head.weight: .*no place/,
    ],
    [
      "another shape",
      changed(weights([{ ...tensors[0]!, shape: [8, 10] }, ...tensors.slice(1)])),
      /math\/model.safetensors, tensor model.embed_tokens.weight: its shape is \[8, 10\], the base's \[10, 8\]/,
    ],
    [
      "another vocabulary",
      changed(model({ vocab: { a: 0, b: 1, c: 2, ab: 3, abx: 4 } })),
      /math\/tokenizer.json: the component "math" cannot be merged: its tokenizer lacks the base's token "abc"/,
    ],
    [
      "another id",
      changed(model({ vocab: { a: 1, b: 0, c: 2, ab: 3, abc: 4 } })),
      /gives the token "a" the id 1/,
    ],
    ["more tokens", changed(model({ vocab: { ...TINY_TOKENIZER.model.vocab, z: 5 } })), /has 6 tokens/],
    ["other merges", changed(model({ merges: ["ab c", "a b"] })), /other merges.*number 0/],
    ["fewer merges", changed(model({ merges: ["a b"] })), /other merges.*number 1/],
    [
      "another special token",
      changed(tokenizer({ added_tokens: [{ id: 9, content: "<|end|>", special: false }] })),
      /added token "<\|end\|>"/,
    ],
    ["another pre-tokenizer", changed(tokenizer({ pre_tokenizer: null })), /another pre_tokenizer/],
    ["other model settings", changed(model({ unk_token: "a" })), /another model.unk_token/],
    ["a tokenizer that is none", changed({ "tokenizer.json": "{}" }), /model.vocab is missing/],
    [
      "ids beyond the embedding",
      changed(model({ vocab: { a: 10 } }), "base"),
      /base\/tokenizer.json: has the token id 10, but the model's vocab_size is 10/,
    ],
  ];
  it.each(cases)("%s", async (_, set, message) => {
    const result = await open(set);
    expect(result.ok ? "accepted" : sentence(result.problem)).toMatch(message);
  });

  it("small files whose checksum is wrong or that are missing", async () => {
    const { spec, folders } = tinySet(["code"]);
    const stating = async (path: string) => {
      const base = { ...spec.base, sha256: { [path]: "0".repeat(64) } };
      const result = await openSet({ ...spec, base }, folders);
      return result.ok ? "accepted" : sentence(result.problem);
    };
    expect(await stating("config.json")).toMatch(/base\/config.json: its SHA-256 is .*the set states 000000/);
    expect(await stating("nothing.json")).toMatch(
      /states a checksum for nothing.json, which the folder lacks/,
    );
    expect(await stating("model.safetensors")).toBe("accepted");
  });

  it("to go on after an abort", async () => {
    const { spec, folders } = tinySet(["code"]);
    const result = await openSet(spec, folders, { signal: AbortSignal.abort() });
    expect(!result.ok && result.problem.kind).toBe("cancelled");
  });
});
