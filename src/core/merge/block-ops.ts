import { decode, encode, firstNonFinite, type ReadableDtype, type WritableDtype } from "../checkpoint/dtype";
import { countMagnitudes, keepBand, keepBits, type MagnitudeBand, magnitudeRanks } from "./magnitude-blocks";
import { fusedMultiplyAdd, roundBF16, roundF16 } from "./rounding";
import { randomBits, rankedBits, type WordPair } from "./threefry";
import { sumAgreeing, sumRows } from "./torch-sum";

export { fusedMultiplyAdd, roundTo } from "./rounding";

/** The type whose rounding follows every operation: torch computes bfloat16 and float16 operations in float32 and rounds each. */
export type Precision = "float32" | "bfloat16" | "float16";

/** A tensor, or a slice of one, as it is stored: little-endian, whole elements. */
export interface StoredValues {
  readonly dtype: ReadableDtype;
  readonly bytes: Uint8Array;
}

/** Where values go in the dtype of a file: little-endian, whole elements. */
export interface EncodedValues {
  readonly dtype: WritableDtype;
  readonly bytes: Uint8Array;
}

/** Bytes of one element. */
export const bytesPer: Readonly<Record<ReadableDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

/** Elements that methods handle at a time: what K + 3 such blocks of float32 take stays in a core's cache. */
export const BLOCK = 16_384;

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
  /** out = Σ (rows − mean)² / K by Welford's recurrence in float64, then rounded to float32 and to `precision`. */
  variance(rows: readonly Float32Array[], out: Float32Array, precision: Precision): void;
  /**
   * A step of a radix selection by magnitude: of the values whose |v|, as 31 bits, has `prefix` above bit `shift` + log2 of
   * counts.length, counts the field of log2(counts.length) bits at `shift`. `counts` comes from `counters`. Selections count the upper 14 bits
   * of all values, then the 17 below of the few that have the wanted prefix.
   */
  countMagnitudes(values: Float32Array, shift: number, prefix: number, counts: Uint32Array): void;
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
  /** Σ|v| in float64. */
  sumAbs(values: Float32Array): number;
  /** Σ a·b in float64, products exact. */
  dot(a: Float32Array, b: Float32Array): number;
}

export class PlainOps implements BlockOps {
  scratch(length: number): Float32Array {
    return new Float32Array(length);
  }

  counters(length: number): Uint32Array {
    return new Uint32Array(length);
  }

  reset(): void {}

  decode({ dtype, bytes }: StoredValues, from: number, out: Float32Array, precision: Precision): void {
    const size = bytesPer[dtype];
    out.set(decode(bytes.subarray(from * size, (from + out.length) * size), dtype));
    this.round(out, precision);
  }

  encode(values: Float32Array, dtype: WritableDtype, out: Uint8Array): void {
    out.set(encode(values, dtype));
  }

  findNonFinite({ dtype, bytes }: StoredValues): number {
    const size = bytesPer[dtype];
    for (let from = 0; from < bytes.length; from += BLOCK * size) {
      const at = firstNonFinite(decode(bytes.subarray(from, from + BLOCK * size), dtype));
      if (at >= 0) return from / size + at;
    }
    return -1;
  }

  round(values: Float32Array, precision: Precision): void {
    if (precision === "float32") return;
    const round = precision === "bfloat16" ? roundBF16 : roundF16;
    for (let i = 0; i < values.length; i++) values[i] = round(values[i]!);
  }

  weightedSum(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    from: number,
    out: Float32Array,
    divisor: number,
    precision: Precision,
  ): void {
    const own = new Float32Array(out.length);
    out.fill(0);
    for (const [k, input] of inputs.entries()) {
      this.decode(input, from, own, precision);
      const weight = Math.fround(weights[k]!);
      for (let i = 0; i < out.length; i++) out[i] = fusedMultiplyAdd(own[i]!, weight, out[i]!);
    }
    if (divisor !== 1) this.divideBy(out, divisor, out, "float32");
    this.round(out, precision);
  }

  weightedSumEncoded(
    inputs: readonly StoredValues[],
    weights: readonly number[],
    from: number,
    { dtype, bytes }: EncodedValues,
    divisor: number,
    precision: Precision,
  ): void {
    const size = bytesPer[dtype];
    const length = bytes.length / size;
    for (let at = 0; at < length; at += BLOCK) {
      const block = new Float32Array(Math.min(BLOCK, length - at));
      this.weightedSum(inputs, weights, from + at, block, divisor, precision);
      this.encode(block, dtype, bytes.subarray(at * size, (at + block.length) * size));
    }
  }

  subtract(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
    this.round(out, precision);
  }

  add(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    for (let i = 0; i < out.length; i++) out[i] = a[i]! + b[i]!;
    this.round(out, precision);
  }

  scale(a: Float32Array, w: number, out: Float32Array, precision: Precision): void {
    const factor = Math.fround(w);
    for (let i = 0; i < out.length; i++) out[i] = a[i]! * factor;
    this.round(out, precision);
  }

  multiply(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    for (let i = 0; i < out.length; i++) out[i] = a[i]! * b[i]!;
    this.round(out, precision);
  }

  divide(a: Float32Array, b: Float32Array, out: Float32Array, precision: Precision): void {
    for (let i = 0; i < out.length; i++) out[i] = a[i]! / b[i]!;
    this.round(out, precision);
  }

  divideBy(a: Float32Array, d: number, out: Float32Array, precision: Precision): void {
    const divisor = Math.fround(d);
    for (let i = 0; i < out.length; i++) out[i] = a[i]! / divisor;
    this.round(out, precision);
  }

  sumRows(rows: readonly Float32Array[], tail: number, out: Float32Array, precision: Precision): void {
    sumRows(rows, tail, out);
    this.round(out, precision);
  }

  sumAgreeing(
    rows: readonly Float32Array[],
    weights: readonly number[],
    majority: Float32Array,
    tail: number,
    sum: Float32Array,
    divisor: Float32Array,
    precision: Precision,
  ): void {
    sumAgreeing(rows, weights, majority, tail, sum, divisor);
    this.round(sum, precision);
    this.round(divisor, precision);
    for (let i = 0; i < divisor.length; i++) if (divisor[i] === 0) divisor[i] = 1;
  }

  keepAgreeing(values: Float32Array, majority: Float32Array): void {
    for (let i = 0; i < values.length; i++)
      if (!(majority[i]! >= 0 ? values[i]! > 0 : values[i]! < 0)) values[i]! *= 0;
  }

  atLeast(values: Float32Array, minimum: number): void {
    const least = Math.fround(minimum);
    for (let i = 0; i < values.length; i++) if (values[i]! < least) values[i] = least;
  }

  variance(rows: readonly Float32Array[], out: Float32Array, precision: Precision): void {
    for (let i = 0; i < out.length; i++) {
      let mean = 0;
      let squares = 0;
      for (let k = 0; k < rows.length; k++) {
        const value = rows[k]![i]!;
        const off = value - mean;
        mean += off / (k + 1);
        squares += off * (value - mean);
      }
      out[i] = squares / rows.length;
    }
    this.round(out, precision);
  }

  countMagnitudes(values: Float32Array, shift: number, prefix: number, counts: Uint32Array): void {
    countMagnitudes(values, shift, prefix, counts);
  }

  keepBand(values: Float32Array, band: MagnitudeBand, seen: Uint32Array): void {
    keepBand(values, band, seen);
  }

  magnitudeRanks(values: Float32Array, ranks: Uint32Array): void {
    magnitudeRanks(values, ranks);
  }

  randomBits(key: WordPair, from: number, count: number, threshold: number, bits: Uint8Array): void {
    randomBits(key, from, count, threshold, bits);
  }

  rankedBits(
    key: WordPair,
    from: number,
    ranks: Uint32Array,
    thresholds: Uint32Array,
    bits: Uint8Array,
  ): void {
    rankedBits(key, from, ranks, thresholds, bits);
  }

  keepBits(values: Float32Array, bits: Uint8Array, from: number): void {
    keepBits(values, bits, from);
  }

  sum(values: Float32Array): number {
    const strands = new Float64Array(4);
    for (let i = 0; i < values.length; i++) strands[i & 3]! += values[i]!;
    return total(strands);
  }

  addSquares(values: Float32Array, lanes: Float32Array): void {
    for (let i = 0; i < values.length; i++) lanes[i & 7]! += Math.fround(values[i]! * values[i]!);
  }

  sumAbs(values: Float32Array): number {
    const strands = new Float64Array(4);
    for (let i = 0; i < values.length; i++) strands[i & 3]! += Math.abs(values[i]!);
    return total(strands);
  }

  dot(a: Float32Array, b: Float32Array): number {
    const strands = new Float64Array(4);
    for (let i = 0; i < a.length; i++) strands[i & 3]! += a[i]! * b[i]!;
    return total(strands);
  }
}

const total = ([a, b, c, d]: Float64Array): number => a! + b! + (c! + d!);
