import { expect, it } from "vitest";
import { openSet } from "../checkpoint/open-set";
import { TINY_CONFIG, TINY_TOKENIZER } from "../checkpoint/tiny-checkpoint";
import { tinySet } from "../checkpoint/tiny-set";
import { readTokenizer } from "../checkpoint/tokenizer-identity";
import { decoderOf } from "../decoder/families";
import { refusalFault } from "./refusal-fault";
import { timed } from "./timed";

/** A config that differs in some fields; null leaves one out. */
const changed = (changes: object) => decoderOf({ ...TINY_CONFIG, ...changes }, "config.json");

/** Fields whose fault shows in another. */
const PLACES: Readonly<Record<string, string>> = {
  num_attention_heads: "num_attention_heads|num_key_value_heads",
  rope_parameters: "rope_parameters|rope_theta",
};

it.each([
  ["num_hidden_layers", 1e9],
  ["num_hidden_layers", 1025],
  ["num_hidden_layers", 0],
  ["num_hidden_layers", -1],
  ["num_hidden_layers", 1.5],
  ["num_hidden_layers", "2"],
  ["num_hidden_layers", [2]],
  ["num_hidden_layers", null],
  ["num_hidden_layers", true],
  ["vocab_size", 1e12],
  ["vocab_size", Number.MAX_SAFE_INTEGER],
  ["hidden_size", 2 ** 25],
  ["hidden_size", 1e308],
  ["head_dim", 2 ** 17],
  ["head_dim", 3],
  ["head_dim", 0],
  ["num_attention_heads", 2 ** 17],
  ["num_attention_heads", 3],
  ["num_key_value_heads", {}],
  ["intermediate_size", -5],
  ["rms_norm_eps", 0],
  ["rms_norm_eps", -1e-6],
  ["rms_norm_eps", "1e-6"],
  ["rope_theta", 0],
  ["rope_theta", [10000]],
  ["rope_parameters", [1]],
  ["rope_parameters", { rope_type: "yarn" }],
  ["rope_parameters", { rope_theta: "x", rope_type: null }],
  ["rope_scaling", "x"],
  ["rope_scaling", { type: "linear", factor: -2 }],
  ["tie_word_embeddings", 1],
  ["tie_word_embeddings", "true"],
  ["max_position_embeddings", 2 ** 32],
  ["architectures", "Qwen3ForCausalLM"],
  ["architectures", [["Qwen3ForCausalLM"]]],
  ["layer_types", "full_attention"],
  ["layer_types", ["sliding_attention"]],
  ["attention_bias", "false"],
  ["model_type", { toString: "qwen3" }],
  ["model_type", ["qwen3"]],
  ["quantization_config", {}],
])("a config whose %s is %j is no decoder, and is said to be none", (field, value) => {
  const read = changed({ [field]: value });
  if (read.ok) throw new Error("it was accepted");
  expect(refusalFault(read.problem, /^config\.json$/, new RegExp(PLACES[field] ?? field))).toBeNull();
});

it("lists the tensors of the largest model that is read within a second", async () => {
  const { value: read, ms } = await timed(() =>
    changed({
      num_hidden_layers: 1024,
      hidden_size: 2 ** 24,
      vocab_size: 2 ** 24,
      intermediate_size: 2 ** 24,
    }),
  );
  if (!read.ok) throw new Error(read.problem.message);
  expect(read.value.weights).toHaveLength(2 + 11 * 1024);
  expect(ms).toBeLessThan(1000);
});

it("refuses a base whose config names a larger model than its weights", async () => {
  const set = tinySet(["code"]);
  set.files.base!["config.json"] = JSON.stringify({ ...TINY_CONFIG, num_hidden_layers: 1024 });
  const read = await openSet(set.spec, set.folders);
  expect(!read.ok && refusalFault(read.problem, /^base/, /tensor model\.layers\.2\./)).toBeNull();
});

const tokenizer = (changes: object) =>
  readTokenizer(JSON.stringify({ ...TINY_TOKENIZER, ...changes }), "tokenizer.json");
const model = (changes: object) => ({ model: { ...TINY_TOKENIZER.model, ...changes } });

it.each([
  ["no model", { model: null }, /model\.vocab/],
  ["a vocabulary that is a list", model({ vocab: [["a", 0]] }), /model\.vocab/],
  ["an id that is text", model({ vocab: { a: "0" } }), /token "a"/],
  ["a negative id", model({ vocab: { a: -1 } }), /token "a"/],
  ["a fractional id", model({ vocab: { a: 0.5 } }), /token "a"/],
  ["an id of 2^53", model({ vocab: { a: 2 ** 53 } }), /token "a"/],
  ["merges that are an object", model({ merges: {} }), /model\.merges/],
  ["a merge of three", model({ merges: ["a b", "a b c"] }), /model\.merges\[1\]/],
  ["a merge of one", model({ merges: ["ab"] }), /model\.merges\[0\]/],
  [
    "a merge of numbers",
    model({
      merges: [
        ["a", "b"],
        [1, 2],
      ],
    }),
    /model\.merges\[1\]/,
  ],
  ["a merge with an object", model({ merges: [["a", {}]] }), /model\.merges\[0\]/],
  ["added tokens that are an object", { added_tokens: {} }, /added_tokens/],
  ["an added token without id", { added_tokens: [{ content: "x" }] }, /added_tokens\[0\]/],
  ["an added token that is null", { added_tokens: [{ id: 1, content: "x" }, null] }, /added_tokens\[1\]/],
])("refuses a tokenizer with %s", (_, changes, place) => {
  const read = tokenizer(changes);
  expect(!read.ok && refusalFault(read.problem, /^tokenizer\.json$/, place)).toBeNull();
});

it("tells pairs of tokens with spaces apart", () => {
  const merges = (...pairs: unknown[]) => {
    const read = tokenizer(model({ merges: pairs }));
    return read.ok ? read.value.merges : read.problem.message;
  };
  expect(merges("a b")).toEqual(merges(["a", "b"]));
  const different = [
    ["a", "b c"],
    ["a b", "c"],
    ["a b c", ""],
    ["", "a b c"],
  ].map((pair) => merges(pair)[0]);
  expect(new Set(different).size).toBe(4);
});

it.each<readonly [string, unknown]>([
  ["rms_norm_eps", {}],
  ["rms_norm_eps", []],
  ["rms_norm_eps", false],
  ["num_key_value_heads", {}],
  ["head_dim", false],
  ["rope_theta", []],
  ["num_attention_heads", 5e-324],
  ["hidden_size", 1e308],
  ["toString", "x"],
  ["__proto__", { a: 1 }],
  ["x".repeat(200), 1],
])("refuses a component whose %s is %j, and the base's is not", async (field, value) => {
  const set = tinySet(["code"]);
  const json = JSON.stringify({ ...TINY_CONFIG, [field]: 0 }).replace(
    `${JSON.stringify(field)}:0`,
    `${JSON.stringify(field)}:${JSON.stringify(value)}`,
  );
  set.files.code!["config.json"] = json;
  const read = await openSet(set.spec, set.folders);
  if (read.ok) throw new Error("it was accepted");
  expect(refusalFault(read.problem, /^code\/config\.json$/, new RegExp(`"${field.slice(0, 20)}`))).toBeNull();
});
