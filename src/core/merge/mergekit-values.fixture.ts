import { encode, type WritableDtype } from "../checkpoint/dtype";
import { Sha256Stream } from "../checkpoint/sha256-stream";
import type { Precision, StoredValues } from "./block-ops";
import { completeSettings, type MergeMethod, type MergeSettings, type TensorTask } from "./merge-method";

/** See reference/mergekit_values.py. */
export interface MergeCase {
  readonly method: string;
  readonly precision: Precision;
  readonly shape: readonly number[];
  readonly count: number;
  readonly stored: WritableDtype;
  readonly exponent: number;
  readonly seed: number;
  readonly based: boolean;
  readonly settings: MergeSettings;
  readonly own: Readonly<Record<string, readonly number[]>>;
  readonly digest: string;
  readonly largest: number;
  readonly sample: string;
  readonly asked?: readonly (number | string)[];
}

export interface MergekitValues {
  readonly cases: readonly MergeCase[];
  readonly sums: readonly { precision: Precision; count: number; length: number; digest: string }[];
  readonly norms: readonly { precision: Precision; length: number; norm: number }[];
  readonly totals: readonly { length: number; total: number; row: number }[];
  readonly orders: readonly {
    length: number;
    kinds: number;
    top: number;
    order: "descending" | "ascending" | "topk";
    digest: string;
  }[];
}

/** Read from the repository's root, where tests run. */
export const MERGEKIT_VALUES = "reference/values/mergekit.json";

/** Values that a result's sample holds, at even distances. */
const SAMPLES = 24;
const MASK_SEED = 1_000_000;

export function digestOf(values: Float32Array): string {
  const hash = new Sha256Stream();
  hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest().slice(0, 24);
}

/** The wanted values of a case, and ours at the same places. */
export function sampled({ sample }: MergeCase, values: Float32Array): [Float32Array, Float32Array] {
  const wanted = new Float32Array(Uint8Array.from(atob(sample), (c) => c.charCodeAt(0)).buffer);
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  return [wanted, values.filter((_, i) => i % step === 0)];
}

export function words(seed: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => {
    let z = (Math.imul(i + 1, 0x9e3779b9) + seed) >>> 0;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  });
}

export const valuesOf = (seed: number, count: number, exponent: number): Float32Array =>
  Float32Array.from(words(seed, count), (z) => ((z >>> 16) - 2 ** 15) * 2 ** (exponent - 15 - (z & 3)));

/** Values of very different size. */
export const spreadValues = (seed: number, count: number): Float32Array =>
  Float32Array.from(words(seed, count), (z) => ((z >>> 16) - 2 ** 15) * 2 ** -(z & 31));

/** The mask that call number `call`, from 1, of torch.bernoulli gave, as a bitset. */
export function hashedMask(call: number, count: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (const [i, word] of words(MASK_SEED + call, count).entries())
    if (word < 0x9999999a) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

export function taskOfCase(method: MergeMethod, own: MergeCase): TensorTask {
  const length = own.shape.reduce((a, b) => a * b, 1);
  const base = valuesOf(own.seed, length, -4);
  const stored = (values: Float32Array): StoredValues => ({
    dtype: own.stored,
    bytes: encode(values, own.stored),
  });
  const settings = (k: number): MergeSettings =>
    Object.fromEntries(
      Object.entries(own.own).flatMap(([name, all]) => (name === "weight" ? [] : [[name, all[k]!]])),
    );
  const known = (all: MergeSettings): MergeSettings =>
    Object.fromEntries(
      Object.entries(all).filter(([name]) => method.parameters.some((p) => p.name === name)),
    );
  return {
    tensor: "tensor",
    shape: own.shape,
    length,
    components: Array.from({ length: own.count }, (_, k) => ({
      id: `c${k}`,
      weight: own.own.weight?.[k] ?? 1 / own.count,
      settings: completeSettings(method, "model", known(settings(k))),
      values: stored(valuesOf(own.seed + 1 + k, length, own.exponent).map((x, i) => base[i]! + x)),
    })),
    base: own.based ? stored(base) : null,
    settings: completeSettings(method, "merge", known(own.settings)),
    precision: own.precision,
    mergekit: true,
    seed: 0,
  };
}
