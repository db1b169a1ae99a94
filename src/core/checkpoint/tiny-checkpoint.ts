import { decoderOf } from "../decoder/families";
import { type FolderSource, memoryFolder } from "./byte-source";
import { encode, type WritableDtype } from "./dtype";
import { elementsOf } from "./expected-tensors";
import { safetensorsHeader } from "./safetensors-writer";

/** A safetensors file from a header, as text or JSON value, and data: for tests, so nothing is checked. */
export function rawSafetensors(header: unknown, data: Uint8Array | number = 0): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = header instanceof Uint8Array ? header : new TextEncoder().encode(text);
  const bytes = typeof data === "number" ? new Uint8Array(data) : data;
  const file = new Uint8Array(8 + json.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(bytes, 8 + json.length);
  return file;
}

/** A whole safetensors file in memory. */
export function encodeSafetensors(
  tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly data: Float32Array;
  }[],
  dtype: WritableDtype = "F32",
): Uint8Array {
  const parts = [
    safetensorsHeader(tensors.map((t) => ({ ...t, dtype }))),
    ...tensors.map(({ data }) => encode(data, dtype)),
  ];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The smallest Qwen3 that has every kind of tensor. */
export const TINY_CONFIG = {
  architectures: ["Qwen3ForCausalLM"],
  model_type: "qwen3",
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 4,
  intermediate_size: 12,
  vocab_size: 10,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  tie_word_embeddings: true,
  max_position_embeddings: 64,
  hidden_act: "silu",
} as const;

export const TINY_TOKENIZER = {
  version: "1.0",
  added_tokens: [{ id: 9, content: "<|end|>", special: true }],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false },
  post_processor: null,
  decoder: { type: "ByteLevel" },
  model: { type: "BPE", vocab: { a: 0, b: 1, c: 2, ab: 3, abc: 4 }, merges: ["a b", "ab c"] },
};

/** Uniform numbers in [−1, 1) from a seed. */
export function seededValues(seed: number, count: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export interface TinyTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The tiny model's tensors, drawn from the seed. */
export function tinyTensors(seed: number, config: object = TINY_CONFIG): TinyTensor[] {
  const parsed = decoderOf(config, "config.json");
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value.weights.map(({ name, shape }, i) => ({
    name,
    shape,
    data: seededValues(seed * 1000 + i, elementsOf(shape)),
  }));
}

export type TinyFiles = Record<string, string | Uint8Array>;

export const tinyFiles = (tensors: readonly TinyTensor[], dtype: WritableDtype = "F32"): TinyFiles => ({
  "config.json": JSON.stringify(TINY_CONFIG),
  "tokenizer.json": JSON.stringify(TINY_TOKENIZER),
  "model.safetensors": encodeSafetensors(tensors, dtype),
});

export const tinyFolder = (name: string, files: TinyFiles): FolderSource => memoryFolder(name, files);

/** A tensor of any dtype, as bytes. */
export interface RawTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A safetensors file of tensors of several dtypes. */
export function mixedSafetensors(tensors: readonly RawTensor[]): Uint8Array {
  const header: Record<string, unknown> = {};
  const data = new Uint8Array(tensors.reduce((sum, t) => sum + t.bytes.length, 0));
  let at = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    data.set(bytes, at);
    at += bytes.length;
  }
  return rawSafetensors(header, data);
}

/** A float tensor as `mixedSafetensors` takes it. */
export const rawTensor = ({ name, shape, data }: TinyTensor, dtype: WritableDtype = "F32"): RawTensor => ({
  name,
  dtype,
  shape,
  bytes: encode(data, dtype),
});
