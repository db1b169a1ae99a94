import fc from "fast-check";
import type { ReadableDtype } from "../checkpoint/dtype";
import { bytesPer, type Precision, type StoredValues } from "../merge/block-ops";

/** float32 bits where conversions and sums have their edges, both signs. */
const EDGES = [
  0x00000000, // 0
  0x00000001, // smallest denormal
  0x007fffff, // largest denormal
  0x00800000, // smallest normal
  0x3f800000, // 1
  0x3f808000, // between two BF16, even below
  0x3f818000, // between two BF16, even above
  0x3f801000, // between two F16
  0x33000000, // half of F16's smallest value
  0x33000001,
  0x387fe000, // around F16's smallest normal
  0x38800000,
  0x477fefff, // around the end of F16
  0x477ff000,
  0x7f7f7fff, // around the end of BF16
  0x7f7f8000,
  0x7f7fffff, // largest finite
  0x7f800000, // infinity
  0x7fc00000, // NaN
];

const anyBits = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const edgeBits = fc
  .tuple(fc.constantFrom(...EDGES), fc.boolean())
  .map(([bits, negative]) => (negative ? bits + 2 ** 31 : bits));
/** As weights are: with magnitudes near each other, many of them equal. */
const usualBits = fc.integer({ min: 0, max: 2 ** 13 }).map((x) => (0x3c000000 + 2 ** 12 * x) % 2 ** 31);

export const someBits: fc.Arbitrary<number> = fc.oneof(anyBits, edgeBits, usualBits);

/** Lengths around the widths of loops, and around a block. */
export const someLength: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 70 }), weight: 30 },
  { arbitrary: fc.integer({ min: 16_380, max: 16_450 }), weight: 1 },
);

/** Fills any length from a few drawn bit patterns, so that long arrays cost little. */
export function floatsOf(patterns: readonly number[], length: number): Float32Array {
  const bits = Uint32Array.from({ length }, (_, i) => {
    const own = patterns[i % patterns.length]!;
    return i < patterns.length ? own : own ^ (Math.imul(i, 0x9e3779b1) >>> 9);
  });
  return new Float32Array(bits.buffer);
}

/** Stored values that begin at any byte of a larger buffer. */
export function storedOf(values: Float32Array, dtype: ReadableDtype, shift: number): StoredValues {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const size = bytesPer[dtype];
  const bytes = new Uint8Array(values.length * size + shift).subarray(shift);
  if (dtype === "F64") {
    // Near the float32, so that rounding has something to do.
    const doubles = Float64Array.from(values, (x, i) => x * (1 + (i % 5) * 2 ** -25));
    bytes.set(new Uint8Array(doubles.buffer));
  } else
    for (let i = 0; i < bytes.length; i++) bytes[i] = raw[4 * Math.floor(i / size) + 4 - size + (i % size)]!;
  return { dtype, bytes };
}

export const somePrecision = fc.constantFrom<Precision>("float32", "bfloat16", "float16");

/** Index of the first difference, any NaN being equal to any other; −1 for none. */
export function firstDifference(a: Float32Array, b: Float32Array): number {
  const [aBits, bBits] = [a, b].map((x) => new Uint32Array(x.buffer, x.byteOffset, x.length));
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if (aBits![i] !== bBits![i] && !(Number.isNaN(a[i]) && Number.isNaN(b[i]))) return i;
  return -1;
}
