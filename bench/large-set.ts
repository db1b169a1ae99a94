import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../src/core/canonical";
import { floatToBF16 } from "../src/core/checkpoint/dtype";
import { elementsOf } from "../src/core/checkpoint/expected-tensors";
import { type DeclaredTensor, dataBytes, safetensorsHeader } from "../src/core/checkpoint/safetensors-writer";
import { decoderOf } from "../src/core/decoder/families";

/** The shapes of Qwen3-0.6B (with a head of its own 0.75 B parameters) and of Qwen3-1.7B (2.03 B). */
const SHAPES = {
  "0.6B": { hidden_size: 1024, intermediate_size: 3072 },
  "1.7B": { hidden_size: 2048, intermediate_size: 6144 },
};

const CONFIG = {
  architectures: ["Qwen3ForCausalLM"],
  model_type: "qwen3",
  num_hidden_layers: 28,
  num_attention_heads: 16,
  num_key_value_heads: 8,
  head_dim: 128,
  vocab_size: 151936,
  rms_norm_eps: 1e-6,
  rope_theta: 1000000,
  max_position_embeddings: 40960,
  hidden_act: "silu",
  attention_bias: false,
  torch_dtype: "bfloat16",
  bos_token_id: 151643,
  eos_token_id: 151645,
};

export interface LargeSetOptions {
  readonly folder: string;
  readonly components: number;
  readonly tied: boolean;
  /** 0.6B when absent. */
  readonly shape?: keyof typeof SHAPES;
  /** Writes a few tasks of random text beside it. */
  readonly tasks?: boolean;
}

/**
 * Writes a component set of Qwen3's shape with random weights in bfloat16: a base, and components that moved a little
 * from it. Checkpoints that are there already stay. For benchmarks; at 0.6B 1.2 GB (tied) or 1.5 GB each, at 1.7B
 * 3.4 GB.
 */
export async function makeLargeSet(
  { folder, components, tied, shape = "0.6B", tasks = false }: LargeSetOptions,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const config = { ...CONFIG, ...SHAPES[shape], tie_word_embeddings: tied };
  const parsed = decoderOf(config, "config.json");
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const tensors = parsed.value.weights.map((t): DeclaredTensor => ({ ...t, dtype: "BF16" }));
  const names = ["base", ...Array.from({ length: components }, (_, i) => `part${i + 1}`)];
  const total = tensors.reduce((sum, t) => sum + dataBytes(t), 0);
  for (const [i, name] of names.entries()) {
    const home = join(folder, name);
    const path = join(home, "model.safetensors");
    const header = safetensorsHeader(tensors);
    const there = await stat(path).catch(() => null);
    if (there?.size === total + header.length) continue;
    await mkdir(home, { recursive: true });
    await writeFile(join(home, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
    await writeFile(join(home, "tokenizer.json"), JSON.stringify(tokenizer()));
    await writeFile(join(home, "tokenizer_config.json"), JSON.stringify({ model_max_length: 40960 }));
    const file = await open(path, "w");
    try {
      await file.write(header);
      for (const [t, tensor] of tensors.entries()) await file.write(tensorBytes(tensor, t, i));
    } finally {
      await file.close();
    }
    say(`made ${path}`);
  }
  const member = (id: string) => ({ id, label: id, source: `${id}/` });
  const spec = {
    format: "demix-set",
    version: 2,
    name: `${components} × Qwen3-${shape}'s shape, random`,
    beta: 0.5,
    base: member("base"),
    components: names.slice(1).map((id) => ({
      ...member(id),
      trainedOn: "nothing: random weights",
      general: false,
      beta: 0.5,
      trainTokens: null,
      supplyTokens: null,
    })),
    ...(tasks && { tasks: "tasks.json" }),
  };
  if (tasks) await writeTasks(folder);
  await writeFile(join(folder, "demix-set.json"), `${JSON.stringify(spec, null, 2)}\n`);
  return names.map((name) => join(folder, name));
}

/** 24 questions with four choices and 8 texts, of letters alone: some 1,900 tokens. */
async function writeTasks(folder: string): Promise<void> {
  const random = stream(77);
  const letters = (n: number) =>
    Array.from({ length: n }, () => String.fromCharCode(97 + (random() % 26))).join("");
  const choices = Array.from({ length: 24 }, (_, i) => ({
    context: letters(20 + (random() % 30)),
    choices: Array.from({ length: 4 }, () => letters(3 + (random() % 8))),
    gold: i % 4,
  }));
  const texts = Array.from({ length: 8 }, () => ({ text: letters(40 + (random() % 40)) }));
  const tasks = [];
  for (const { id, outputType, items, metrics } of [
    {
      id: "choose",
      outputType: "multiple_choice",
      items: choices,
      metrics: { accuracyMetric: "acc", continuousMetric: "gold_prob" },
    },
    {
      id: "read",
      outputType: "loglikelihood_rolling",
      items: texts,
      metrics: { accuracyMetric: "token_acc", continuousMetric: "byte_prob" },
    },
  ]) {
    const text = JSON.stringify({ format: "demix-items", version: 1, task: id, items });
    await writeFile(join(folder, `${id}.json`), text);
    const itemsSha256 = await sha256(text);
    tasks.push({
      id,
      label: id,
      domain: "all",
      outputType,
      ...metrics,
      about: "Random letters.",
      itemsFile: `${id}.json`,
      itemsSha256,
      items: items.length,
    });
  }
  const domains = [{ id: "all", label: "All" }];
  const file = { format: "demix-tasks", version: 1, name: "Random letters", domains, tasks };
  await writeFile(join(folder, "tasks.json"), JSON.stringify(file));
}

/** Byte tokens only, so that the vocabulary is mostly padding rows. */
const tokenizer = () => ({
  version: "1.0",
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: {
    type: "BPE",
    dropout: null,
    unk_token: null,
    vocab: Object.fromEntries(Array.from({ length: 94 }, (_, i) => [String.fromCharCode(33 + i), i])),
    merges: [],
  },
});

const POOL = 1 << 16;
let pool: Float32Array | null = null;

/** Standard normal values from a fixed seed (Box–Muller). */
function normals(): Float32Array {
  if (pool) return pool;
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  pool = Float32Array.from(
    { length: POOL },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
  return pool;
}

/** Tensor `t` of member `i`: 0.02 · normal, and for a component 6 % of that moved on; norms lie around 1. */
function tensorBytes(tensor: DeclaredTensor, t: number, i: number): Uint8Array {
  const length = elementsOf(tensor.shape);
  const raw = new Uint16Array(length);
  const values = normals();
  const center = tensor.shape.length === 1 ? 1 : 0;
  const own = stream(t * 1000);
  const moved = stream(t * 1000 + i);
  for (let at = 0; at < length; at++) {
    const base = center + 0.02 * values[own() & (POOL - 1)]!;
    raw[at] = floatToBF16(i === 0 ? base : base + 0.0016 * values[moved() & (POOL - 1)]!);
  }
  return new Uint8Array(raw.buffer);
}

/** xorshift32: whole numbers below 2³². */
function stream(seed: number): () => number {
  let x = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x85ebca6b) >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}
