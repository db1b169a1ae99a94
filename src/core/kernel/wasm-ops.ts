import type { Precision } from "../merge/block-ops";
import type { MagnitudeBand } from "../merge/magnitude-blocks";
import type { WordPair } from "../merge/threefry";
import { sumAgreeing, sumRows } from "../merge/torch-sum";
import { MOST_INPUTS, RAW_BYTES, STAGE_BYTES } from "./kernel-memory";
import { tablesFor } from "./wasm-arithmetic";
import { WasmSums } from "./wasm-sums";

/** Rows from which on torch sums in chunks. */
const CHUNKED = 16;
/** Rows up to which the order at the tail is that of other elements. */
const SAME_TAIL = 4;
/** Magnitudes that are collected at a time. */
const COLLECTED = RAW_BYTES / 4;

/**
 * Block arithmetic in WebAssembly. Blocks from `scratch` lie in its memory; other operands are copied in and out piece by
 * piece, so any array will do everywhere.
 */
export class WasmOps extends WasmSums {
  override sumRows(
    rows: readonly Float32Array[],
    tail: number,
    out: Float32Array,
    precision: Precision,
  ): void {
    const ordered = out.length - (rows.length > SAME_TAIL ? tail : 0);
    if (rows.length === 0 || rows.length >= CHUNKED) {
      super.sumRows(rows, tail, out, precision);
      return;
    }
    if (ordered > 0) {
      const { addresses } = this.memory;
      const work = (length: number, at: readonly number[]) => {
        addresses.set(at);
        this.kernel.sumRows(addresses.byteOffset, rows.length, length, at[rows.length]!);
      };
      this.memory.over(heads(rows, ordered), [out.subarray(0, ordered)], work);
    }
    if (ordered < out.length) sumRows(tails(rows, ordered), tail, out.subarray(ordered));
    this.round(out, precision);
  }

  override sumAgreeing(
    rows: readonly Float32Array[],
    weights: readonly number[],
    majority: Float32Array,
    tail: number,
    sum: Float32Array,
    divisor: Float32Array,
    precision: Precision,
  ): void {
    const count = rows.length;
    const ordered = sum.length - (count > SAME_TAIL ? tail : 0);
    if (count === 0 || count >= CHUNKED) {
      super.sumAgreeing(rows, weights, majority, tail, sum, divisor, precision);
      return;
    }
    const { kernel, memory } = this;
    if (ordered > 0) {
      memory.weights.set(weights);
      const { addresses } = memory;
      const work = (length: number, at: readonly number[]) => {
        const [signs, to, toDivisor] = at.slice(count);
        addresses.set(at);
        kernel.sumAgreeing(
          addresses.byteOffset,
          memory.weights.byteOffset,
          count,
          signs!,
          length,
          to!,
          toDivisor!,
        );
      };
      const [signs, to, toDivisor] = heads([majority, sum, divisor], ordered);
      memory.over([...heads(rows, ordered), signs!], [to!, toDivisor!], work);
    }
    if (ordered < sum.length) {
      const [signs, to, toDivisor] = tails([majority, sum, divisor], ordered);
      sumAgreeing(tails(rows, ordered), weights, signs!, tail, to!, toDivisor!);
    }
    this.round(sum, precision);
    this.round(divisor, precision);
    if (divisor.length > 0)
      memory.over([divisor], [divisor], (length, [at]) => kernel.fillZeros(at!, length));
  }

  override keepAgreeing(values: Float32Array, majority: Float32Array): void {
    const work = (length: number, [signs, at]: readonly number[]) =>
      this.kernel.keepAgreeing(at!, signs!, length);
    this.memory.over([majority, values], [values], work);
  }

  override variance(rows: readonly Float32Array[], out: Float32Array, precision: Precision): void {
    if (rows.length === 0 || rows.length >= MOST_INPUTS) {
      super.variance(rows, out, precision);
      return;
    }
    const { addresses } = this.memory;
    this.memory.over(rows, [out], (length, at) => {
      const to = at[rows.length]!;
      addresses.set(at);
      this.kernel.variance(addresses.byteOffset, rows.length, length, to);
      this.roundAt(to, length, precision);
    });
  }

  override countMagnitudes(values: Float32Array, shift: number, prefix: number, counts: Uint32Array): void {
    const at = this.memory.addressOf(counts);
    if (at < 0) {
      super.countMagnitudes(values, shift, prefix, counts);
      return;
    }
    const bits = Math.log2(counts.length);
    const wanted = shift + bits >= 31 ? -1 : prefix;
    const tables = tablesFor(counts.length);
    const work = (length: number, [from]: readonly number[]) =>
      this.kernel.countMagnitudes(from!, length, shift, bits, wanted, at, tables);
    this.memory.over([values], [], work, Number.POSITIVE_INFINITY, 1);
  }

  override collectBetween(
    values: Float32Array,
    low: number,
    high: number,
    out: Uint32Array,
    counts: Uint32Array,
  ): void {
    const { kernel, memory } = this;
    const found = memory.words(memory.raw, COLLECTED);
    const own = memory.addresses;
    const work = (length: number, [at]: readonly number[]) => {
      kernel.collectBetween(at!, length, low, high, memory.raw, own.byteOffset);
      const start = counts[3]!;
      const many = own[3]!;
      if (many > 0 && start < out.length)
        out.set(found.subarray(0, Math.min(many, out.length - start)), start);
      for (let i = 0; i < 4; i++) counts[i]! += own[i]!;
    };
    memory.over([values], [], work, COLLECTED, 1);
  }

  override keepBand(values: Float32Array, band: MagnitudeBand, seen: Uint32Array): void {
    const { kernel, memory } = this;
    const { low, high } = band;
    const [lowFrom, lowTo, highFrom, highTo] = [band.lowFrom, band.lowTo, band.highFrom, band.highTo].map(
      (place) => Math.min(Math.max(place, 0), 0xffffffff),
    );
    memory.addresses.set(seen.subarray(0, 2));
    const counted = memory.addresses.byteOffset;
    const work = (length: number, [at]: readonly number[]) =>
      kernel.keepBand(at!, length, low, high, lowFrom!, lowTo!, highFrom!, highTo!, counted);
    memory.over([values], [values], work, Number.POSITIVE_INFINITY, 1);
    seen.set(memory.addresses.subarray(0, 2));
  }

  override keepBits(values: Float32Array, bits: Uint8Array, from: number): void {
    const { kernel, memory } = this;
    const longest = 4 * RAW_BYTES;
    const work = (length: number, [own]: readonly number[], at: number) => {
      const first = Math.floor((from + at) / 8);
      const to = Math.ceil((from + at + length) / 8);
      kernel.keepBits(own!, length, memory.bring(bits, first, to, memory.raw), (from + at) % 8);
    };
    memory.over([values], [values], work, longest);
  }

  override magnitudeRanks(values: Float32Array, ranks: Uint32Array): void {
    const { kernel, memory } = this;
    const bytes = 4 * values.length;
    if (6 * bytes > STAGE_BYTES) {
      super.magnitudeRanks(values, ranks);
      return;
    }
    const { stage } = memory;
    memory.floats(stage, values.length).set(values);
    kernel.magnitudeRanks(stage, values.length, stage + bytes, stage + 2 * bytes);
    ranks.set(memory.words(stage + bytes, values.length));
  }

  override randomBits(key: WordPair, from: number, count: number, threshold: number, bits: Uint8Array): void {
    const { kernel, memory } = this;
    const piece = 8 * RAW_BYTES;
    for (let at = from; at < from + count; at += piece) {
      const length = Math.min(piece, from + count - at);
      kernel.randomBits(key[0], key[1], at, length, threshold, memory.raw);
      const whole = Math.floor(length / 8);
      bits.set(memory.bytes.subarray(memory.raw, memory.raw + whole), at / 8);
      if (length % 8) bits[at / 8 + whole]! |= memory.bytes[memory.raw + whole]!;
    }
  }

  override rankedBits(
    key: WordPair,
    from: number,
    ranks: Uint32Array,
    thresholds: Uint32Array,
    bits: Uint8Array,
  ): void {
    const { kernel, memory } = this;
    const first = Math.floor(from / 8);
    const to = Math.ceil((from + ranks.length) / 8);
    if (4 * (ranks.length + thresholds.length) > STAGE_BYTES || to - first > RAW_BYTES) {
      super.rankedBits(key, from, ranks, thresholds, bits);
      return;
    }
    const words = memory.words(memory.stage, ranks.length + thresholds.length);
    words.set(ranks);
    words.set(thresholds, ranks.length);
    memory.bytes.set(bits.subarray(first, to), memory.raw);
    const limits = memory.stage + 4 * ranks.length;
    kernel.rankedBits(key[0], key[1], from, memory.stage, ranks.length, limits, memory.raw);
    bits.set(memory.bytes.subarray(memory.raw, memory.raw + to - first), first);
  }

  override sum(values: Float32Array): number {
    return this.total(this.kernel.sum, values);
  }

  override addSquares(values: Float32Array, lanes: Float32Array): void {
    const own = this.memory.weights.subarray(0, 8);
    own.set(lanes);
    const work = (length: number, [at]: readonly number[]) =>
      this.kernel.addSquares(at!, length, own.byteOffset);
    this.memory.over([values], [], work, Number.POSITIVE_INFINITY, 1);
    lanes.set(own);
  }

  override sumAbs(values: Float32Array): number {
    return this.total(this.kernel.sumAbs, values);
  }

  override dot(a: Float32Array, b: Float32Array): number {
    const { kernel, memory } = this;
    memory.strands.fill(0);
    const work = (length: number, [x, y]: readonly number[]) =>
      kernel.dot(x!, y!, length, memory.strands.byteOffset);
    memory.over([a, b], [], work, Number.POSITIVE_INFINITY, 1);
    return this.strandsTotal();
  }

  private total(
    add: (values: number, length: number, strands: number) => void,
    values: Float32Array,
  ): number {
    const { memory } = this;
    memory.strands.fill(0);
    const work = (length: number, [at]: readonly number[]) => add(at!, length, memory.strands.byteOffset);
    memory.over([values], [], work, Number.POSITIVE_INFINITY, 1);
    return this.strandsTotal();
  }

  private strandsTotal(): number {
    const { strands } = this.memory;
    return strands[0]! + strands[1]! + (strands[2]! + strands[3]!);
  }
}

const heads = (rows: readonly Float32Array[], length: number): Float32Array[] =>
  rows.map((row) => row.subarray(0, length));
const tails = (rows: readonly Float32Array[], from: number): Float32Array[] =>
  rows.map((row) => row.subarray(from));
