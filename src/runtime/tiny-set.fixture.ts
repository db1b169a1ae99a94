import { sha256 } from "../core/canonical";
import { memoryFolder } from "../core/checkpoint/byte-source";
import { encode } from "../core/checkpoint/dtype";
import { safetensorsHeader } from "../core/checkpoint/safetensors-writer";
import { decoderOf } from "../core/decoder/families";
import { seededWeights } from "../core/decoder/seeded-weights";
import type { Item, OutputType, TaskSpec } from "../core/scoring/task";

const CHARS = [..."abcdefghijklmnopqrstuvwxyz0123456789.,:=+?-\u0120\u010a"];

/** Tokens of the set's tokenizer. */
export const TINY_VOCABULARY = CHARS.length + 4;

const CONFIG = {
  architectures: ["Qwen3ForCausalLM"],
  model_type: "qwen3",
  hidden_act: "silu",
  attention_bias: false,
  vocab_size: TINY_VOCABULARY,
  hidden_size: 24,
  intermediate_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 8,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  max_position_embeddings: 48,
  tie_word_embeddings: true,
  eos_token_id: 0,
};

/** One token a character, "an" and "the" merged; byte-level. */
const TOKENIZER = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [
    {
      id: 0,
      content: "<|end|>",
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    },
  ],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  post_processor: null,
  decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  model: {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: Object.fromEntries(["<|end|>", ...CHARS, "an", "th", "the"].map((token, id) => [token, id])),
    merges: ["a n", "t h", "th e"],
  },
};

const words = [
  "the cat",
  "an ant",
  "a banana",
  "then",
  "seven",
  "on the mat",
  "3 + 4",
  "plant",
  "what?",
  "x",
];

function taskItems(): { id: string; type: OutputType; items: Item[] }[] {
  const word = (i: number) => words[i % words.length]!;
  return [
    {
      id: "text",
      type: "loglikelihood_rolling",
      items: Array.from({ length: 9 }, (_, i) => ({
        text: `${word(i)} ${word(3 * i + 1)} `.repeat(1 + (i % 4)),
      })),
    },
    {
      id: "choice",
      type: "multiple_choice",
      items: Array.from({ length: 14 }, (_, i) => ({
        context: i === 3 ? "" : `${word(i)}: ${word(i + 4)}${i % 5 === 0 ? " " : ""}`,
        choices: [` ${word(i + 1)}`, ` ${word(i + 2)} ${word(i)}`, ` ${word(i + 1)}s`].slice(0, 2 + (i % 2)),
        gold: i % 2,
      })),
    },
    {
      id: "write",
      type: "generate_until",
      items: Array.from({ length: 7 }, (_, i) => ({
        context: `${word(i)} ${word(2 * i)} =`,
        target: ` ${word(i)}`,
        until: ["."],
        maxGenToks: 5,
      })),
    },
  ];
}

/** A whole component set in memory: a base, `components` components, three tasks of the three kinds; some 30 items. */
export async function tinySet(components = 3, fields: object = CONFIG) {
  const config = decoderOf(fields, "config.json");
  if (!config.ok) throw new Error(config.problem.message);
  const tensors = config.value.weights;
  const files: Record<string, string | Uint8Array> = {};
  for (const [i, id] of ["base", ...Array.from({ length: components }, (_, c) => `part${c}`)].entries()) {
    const weights = seededWeights(
      tensors.map(({ name, shape }) => ({ name, shape })),
      100 + i,
      0.35,
    );
    const parts = [
      safetensorsHeader(tensors.map((t) => ({ ...t, dtype: "F32" }))),
      ...tensors.map((t) => encode(weights.get(t.name)!, "F32")),
    ];
    files[`${id}/model.safetensors`] = Uint8Array.from(parts.flatMap((part) => [...part]));
    files[`${id}/config.json`] = JSON.stringify(fields);
    files[`${id}/tokenizer.json`] = JSON.stringify(TOKENIZER);
    files[`${id}/tokenizer_config.json`] = JSON.stringify({ eos_token: "<|end|>" });
  }
  const tasks: TaskSpec[] = [];
  for (const { id, type, items } of taskItems()) {
    const text = JSON.stringify({ format: "demix-items", version: 1, task: id, items });
    files[`items/${id}.json`] = text;
    tasks.push({
      id,
      label: id,
      domain: "all",
      outputType: type,
      accuracyMetric:
        type === "multiple_choice" ? "acc" : type === "generate_until" ? "exact_match" : "token_acc",
      continuousMetric:
        type === "multiple_choice" ? "gold_prob" : type === "generate_until" ? "target_prob" : "byte_prob",
      about: "",
      itemsFile: `items/${id}.json`,
      itemsSha256: await sha256(text),
      items: items.length,
    });
  }
  files["tasks.json"] = JSON.stringify({
    format: "demix-tasks",
    version: 1,
    name: "Tiny tasks",
    domains: [{ id: "all", label: "All" }],
    tasks,
  });
  files["demix-set.json"] = JSON.stringify({
    format: "demix-set",
    version: 1,
    name: "Tiny",
    beta: 0.5,
    base: { id: "base", label: "Base", source: "base/" },
    components: Array.from({ length: components }, (_, c) => ({
      id: `part${c}`,
      label: `Part ${c}`,
      source: `part${c}/`,
      trainedOn: "noise",
      general: c === 0,
      beta: 0.5,
      trainTokens: 1000,
      supplyTokens: 1000,
    })),
    tasks: "tasks.json",
  });
  return files;
}

/** The folders of a set held in memory, by URL: "mem/" is the set's own. */
export function memoryFolders(files: Readonly<Record<string, string | Uint8Array>>) {
  return (url: string) => {
    const prefix = url.replace(/^mem\//, "");
    const inside = Object.entries(files).filter(([path]) => path.startsWith(prefix));
    return memoryFolder(
      url.replace(/\/$/, ""),
      Object.fromEntries(inside.map(([p, f]) => [p.slice(prefix.length), f])),
    );
  };
}
