/** Which magnitudes a selection keeps: those between two bounds, and of those equal to a bound a range in tensor order. */
export interface MagnitudeBand {
  /** Bounds as 31-bit patterns of float32, `low` ≤ `high`; −1 and 2³¹ − 1 where there is none. */
  readonly low: number;
  readonly high: number;
  /** Of the values equal to `low` those are kept whose place among them in the tensor is in [from, to). */
  readonly lowFrom: number;
  readonly lowTo: number;
  /** The same for `high`; unused where `high` equals `low`. */
  readonly highFrom: number;
  readonly highTo: number;
}

export const magnitudeWords = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);

/** See `BlockOps.keepBand`. */
export function keepBand(values: Float32Array, band: MagnitudeBand, seen: Uint32Array): void {
  const words = magnitudeWords(values);
  const { low, high } = band;
  for (let i = 0; i < values.length; i++) {
    const magnitude = words[i]! & 0x7fffffff;
    let keep = magnitude > low && magnitude < high;
    if (magnitude === low) {
      const place = seen[0]!++;
      keep = place >= band.lowFrom && place < band.lowTo;
    } else if (magnitude === high) {
      const place = seen[1]!++;
      keep = place >= band.highFrom && place < band.highTo;
    }
    if (!keep) values[i]! *= 0;
  }
}

/** See `BlockOps.countMagnitudes`. */
export function countMagnitudes(
  values: Float32Array,
  shift: number,
  prefix: number,
  counts: Uint32Array,
): void {
  const words = magnitudeWords(values);
  const mask = counts.length - 1;
  const field = Math.log2(counts.length);
  for (let i = 0; i < words.length; i++) {
    const key = (words[i]! & 0x7fffffff) >>> shift;
    if (shift + field >= 31 || key >>> field === prefix) counts[key & mask]!++;
  }
}

/** See `BlockOps.collectBetween`. */
export function collectBetween(
  values: Float32Array,
  low: number,
  high: number,
  out: Uint32Array,
  counts: Uint32Array,
): void {
  const words = magnitudeWords(values);
  for (let i = 0; i < words.length; i++) {
    const magnitude = words[i]! & 0x7fffffff;
    if (magnitude < low) counts[0]!++;
    else if (magnitude === low) counts[1]!++;
    else if (magnitude === high) counts[2]!++;
    else if (magnitude < high) {
      const at = counts[3]!++;
      if (at < out.length) out[at] = magnitude;
    }
  }
}

/** Bits of a digit of the radix sort. */
const DIGIT = 11;

/** See `BlockOps.magnitudeRanks`. */
export function magnitudeRanks(values: Float32Array, ranks: Uint32Array): void {
  const words = magnitudeWords(values);
  let order = Uint32Array.from(words, (_, i) => i);
  let next = new Uint32Array(words.length);
  for (let shift = 0; shift < 31; shift += DIGIT) {
    const starts = new Uint32Array(2 ** DIGIT + 1);
    for (const word of words) starts[(((word & 0x7fffffff) >>> shift) & (2 ** DIGIT - 1)) + 1]!++;
    for (let d = 0; d < 2 ** DIGIT; d++) starts[d + 1]! += starts[d]!;
    for (const i of order) next[starts[((words[i]! & 0x7fffffff) >>> shift) & (2 ** DIGIT - 1)]!++] = i;
    [order, next] = [next, order];
  }
  for (let rank = 0; rank < order.length; rank++) ranks[order[rank]!] = rank;
}

/** See `BlockOps.keepBits`. */
export function keepBits(values: Float32Array, bits: Uint8Array, from: number): void {
  for (let i = 0; i < values.length; i++) {
    const at = from + i;
    if (!((bits[at >>> 3]! >>> (at & 7)) & 1)) values[i]! *= 0;
  }
}
