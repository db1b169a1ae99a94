import { decode, encode, firstNonFinite, type WritableDtype } from "../checkpoint/dtype";
import type { BlockOps, Precision } from "./block-ops";
import {
  collectBetween,
  countMagnitudes,
  keepBand,
  keepBits,
  type MagnitudeBand,
  magnitudeRanks,
} from "./magnitude-blocks";
import { fusedMultiplyAdd, roundBF16, roundF16 } from "./rounding";
import { BLOCK, bytesPer, type EncodedValues, type StoredValues } from "./stored-values";
import { randomBits, rankedBits, type WordPair } from "./threefry";
import { sumAgreeing, sumRows } from "./torch-sum";

/** Block arithmetic in JavaScript. */
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

  decodeDifference(
    values: StoredValues,
    base: Float32Array,
    from: number,
    out: Float32Array,
    precision: Precision,
  ): void {
    this.decode(values, from, out, precision);
    this.subtract(out, base, out, precision);
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

  absolute(values: Float32Array): void {
    for (let i = 0; i < values.length; i++) values[i] = Math.abs(values[i]!);
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

  collectBetween(
    values: Float32Array,
    low: number,
    high: number,
    out: Uint32Array,
    counts: Uint32Array,
  ): void {
    collectBetween(values, low, high, out, counts);
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

  sumChunks(values: Float32Array, rows: number, out: Float32Array): void {
    for (let c = 0; 32 * c < out.length; c++) {
      const sums = out.subarray(32 * c, 32 * c + 32).fill(0);
      for (let i = 0; i < 32 * rows; i++) sums[i & 31]! += values[32 * rows * c + i]!;
    }
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
