import type { WritableDtype } from "../checkpoint/dtype";
import type { MagnitudeBand } from "./magnitude-blocks";
import type { EncodedValues, StoredValues } from "./stored-values";
import type { WordPair } from "./threefry";

export { PlainOps } from "./plain-ops";
export { fusedMultiplyAdd, roundTo } from "./rounding";
export { BLOCK, bytesPer, type EncodedValues, type StoredValues } from "./stored-values";

/** The type whose rounding follows every operation: torch computes bfloat16 and float16 operations in float32 and rounds each. */
export type Precision = "float32" | "bfloat16" | "float16";

/**
 * Arithmetic on blocks of float32. Two implementations give equal bits: `PlainOps` (JavaScript) and the WASM kernel. Blocks
 * come from `scratch`; other Float32Arrays are accepted where an operation says so.
 */
export interface BlockOps {
  /** A block of `length` floats, undefined content; valid until `reset`. */
  scratch(length: number): Float32Array;
  /** Counters for `countMagnitudes`, all 0; valid until `reset`. */
  counters(length: number): Uint32Array;
  /** Frees every block and all counters. */
  reset(): void;
  /** Elements [from, from + out.length) of `values`, rounded to `precision`. */
  decode(values: StoredValues, from: number, out: Float32Array, precision: Precision): void;
  /** Little-endian bytes in `dtype`, to nearest even; `out` holds `values.length` elements. */
  encode(values: Float32Array, dtype: WritableDtype, out: Uint8Array): void;
  /** Index of the first NaN or infinity among all elements, −1 where there is none. */
  findNonFinite(values: StoredValues): number;
  /** Rounds in place. */
  round(values: Float32Array, precision: Precision): void;
  /**
   * out = Σ wᵢ xᵢ over elements [from, from + out.length), divided by `divisor` where that is not 1: xᵢ as `decode` gives
   * them, one float32 fused multiply-add after the other (torch's addcmul), weights and divisor in float32, the result
   * rounded to `precision` once.
   */
  weightedSum(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    from: number,
    out: Float32Array,
    divisor: number,
    precision: Precision,
  ): void;
  /** As `weightedSum` from element `from` on for as many elements as `out` holds, and encoded as by `encode`, in one pass. */
  weightedSumEncoded(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    from: number,
    out: EncodedValues,
    divisor: number,
    precision: Precision,
  ): void;
  /** out = a − b; `out` may be either. */
  subtract(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void;
  /** out = values − base over elements [from, from + out.length) of `values`, both roundings as in `decode` and `subtract`. */
  decodeDifference(
    values: StoredValues,
    base: Float32Array,
    from: number,
    out: Float32Array,
    precision: Precision,
  ): void;
  /** out = a + b; `out` may be either. */
  add(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void;
  /** out = w · a; `out` may be `a`. */
  scale(a: Float32Array, w: number, out: Float32Array, precision: Precision): void;
  /** out = a · b; `out` may be either. */
  multiply(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void;
  /** out = a / b; `out` may be either. */
  divide(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void;
  /** out = a / d, d in float32; `out` may be `a`. */
  divideBy(a: Float32Array, d: number, out: Float32Array, precision: Precision): void;
  /**
   * out = Σ rows in float32, rounded to `precision` once; `out` is none of the rows. The order is torch's, see torch-sum.ts:
   * row after row from +0 for fewer than 16 rows (in chunks of 16 for more); the last `tail` elements in four strands, that
   * is ((r₀ + r₄ + …) + (the last K mod 4 rows, one by one)) + (r₁ + r₅ + …) + (r₂ + …) + (r₃ + …). Up to 4 rows both are
   * the same.
   */
  sumRows(rows: readonly Float32Array[], tail: number, out: Float32Array, precision: Precision): void;
  /**
   * Sign consensus: a value agrees where it is above 0 and `majority` is 0 or more, or below 0 and `majority` is not (a zero
   * or NaN never agrees). sum = Σ rows, each value times 1 where it agrees and times 0 where not (an infinity becomes NaN);
   * divisor = Σ weights, likewise, and 1 where that sum is 0. Weights in float32, order and rounding as in `sumRows`.
   */
  sumAgreeing(
    rows: readonly Float32Array[],
    weights: readonly number[],
    majority: Float32Array,
    tail: number,
    sum: Float32Array,
    divisor: Float32Array,
    precision: Precision,
  ): void;
  /** Multiplies by 0 the values that do not agree with `majority`, see sumAgreeing. */
  keepAgreeing(values: Float32Array, majority: Float32Array): void;
  /** Raises values below `minimum`, in float32, to it; NaN stays. */
  atLeast(values: Float32Array, minimum: number): void;
  /** Makes values their magnitudes. */
  absolute(values: Float32Array): void;
  /** out = Σ (rows − mean)² / K by Welford's recurrence in float64, then rounded to float32 and to `precision`. */
  variance(rows: readonly Float32Array[], out: Float32Array, precision: Precision): void;
  /**
   * A step of a radix selection by magnitude: of the values whose |v|, as 31 bits, has `prefix` above bit `shift` + log2 of
   * counts.length, counts the field of log2(counts.length) bits at `shift`. `counts` comes from `counters`. Selections count the upper 14 bits
   * of all values, then the 17 below of the few that have the wanted prefix.
   */
  countMagnitudes(values: Float32Array, shift: number, prefix: number, counts: Uint32Array): void;
  /**
   * Magnitudes, as 31 bits, between two bounds low ≤ high: appends to `out`, from out[counts[3]] on, those above low and below
   * high, in their order, as long as there is room. Adds to counts[0] how many are below low, to counts[1] how many equal low, to
   * counts[2] how many equal high where that is not low, and to counts[3] how many are between, written or not. Any arrays;
   * few values are between as a rule.
   */
  collectBetween(
    values: Float32Array,
    low: number,
    high: number,
    out: Uint32Array,
    counts: Uint32Array,
  ): void;
  /**
   * Multiplies by 0 the values outside a band of magnitudes (so that an infinity becomes NaN, and −1 becomes −0). A value
   * with magnitude m, as 31 bits, is inside where low < m < high, or where m = low and its place among those, counted from
   * seen[0] on, is in [lowFrom, lowTo), or where m = high ≠ low and its place, from seen[1] on, is in [highFrom, highTo).
   * Advances `seen` (any Uint32Array of 2) by the values met.
   */
  keepBand(values: Float32Array, band: MagnitudeBand, seen: Uint32Array): void;
  /**
   * ranks[i] = place of value i in ascending order of magnitude, as 31 bits, from 0; equal ones in their order. Any arrays of
   * any length.
   */
  magnitudeRanks(values: Float32Array, ranks: Uint32Array): void;
  /**
   * Sets bit i (of byte ⌊i/8⌋, from the lowest) of `bits`, any Uint8Array, where word i of the key's Threefry stream is below
   * `threshold` (0 to 2³² − 1), for i in [from, from + count). Bits start as 0; `from` is a multiple of 8, i below 2³².
   */
  randomBits(key: WordPair, from: number, count: number, threshold: number, bits: Uint8Array): void;
  /** The same for i = from + r, any `from`, with the threshold thresholds[ranks[r]]; all are any arrays. */
  rankedBits(
    key: WordPair,
    from: number,
    ranks: Uint32Array,
    thresholds: Uint32Array,
    bits: Uint8Array,
  ): void;
  /** Multiplies by 0 the values whose bit from + i of `bits`, any Uint8Array, is 0. */
  keepBits(values: Float32Array, bits: Uint8Array, from: number): void;
  /**
   * Σ v in float64; element i goes to strand i mod 4, and the result is (s₀ + s₁) + (s₂ + s₃). So do the next two.
   */
  sum(values: Float32Array): number;
  /**
   * Adds v² in float32 to eight running sums, element i to lanes[i mod 8], squares rounded before they are added (torch's
   * norm). `values` holds a multiple of 8; `lanes` is any Float32Array of 8.
   */
  addSquares(values: Float32Array, lanes: Float32Array): void;
  /**
   * Sums of chunks in float32: out[32c + l] = Σ values[32(rows·c + r) + l] over r = 0 … rows − 1, in that order from +0. Both
   * are any arrays; `values` holds whole chunks of 32·rows, `out` 32 sums for each.
   */
  sumChunks(values: Float32Array, rows: number, out: Float32Array): void;
  /** Σ|v| in float64. */
  sumAbs(values: Float32Array): number;
  /** Σ a·b in float64, products exact. */
  dot(a: Float32Array, b: Float32Array): number;
}
