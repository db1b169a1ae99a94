import type { BlockOps } from "../block-ops";
import type { MagnitudeBand } from "../magnitude-blocks";

/** Tensors of one length that are read block by block, as often as needed. */
export interface MagnitudeSource {
  readonly ops: BlockOps;
  readonly length: number;
  each(use: (tensor: number, from: number, block: Float32Array) => void, which?: readonly number[]): void;
}

/** A magnitude, as 31 bits, and how many magnitudes are below it and equal to it. */
interface Placed {
  readonly magnitude: number;
  readonly below: number;
  readonly equal: number;
}

/** Bits of the two steps of the radix selection, from the top: the first one's counters stay in a core's cache. */
const HIGH = 14;
const LOW = 17;
const LARGEST = 2 ** 31 - 1;
const UNLIMITED = 2 ** 32 - 1;

/** Keeps nothing, by multiplying with 0. */
const EMPTY: MagnitudeBand = {
  low: LARGEST,
  high: LARGEST,
  lowFrom: 0,
  lowTo: 0,
  highFrom: 0,
  highTo: 0,
};

/**
 * What is kept of the sorted magnitudes: the `top` largest ones, or the places [from, to) in ascending order. The sort is
 * stable, so that of equal magnitudes the one that stands first in the tensor comes first, in either direction.
 */
export type Places =
  | { readonly order: "descending"; readonly top: number }
  | { readonly order: "ascending"; readonly from: number; readonly to: number };

/**
 * Bands that keep the wanted places of each tensor's magnitudes; null where nothing is wanted of one. Two passes over the
 * tensors count magnitudes; no entry is stored.
 */
export function bandsOf(
  source: MagnitudeSource,
  wanted: readonly (Places | null)[],
): (MagnitudeBand | null)[] {
  const { ops, length } = source;
  const ranges = wanted.map((places) => places && rangeOf(places, length));
  const kept = ranges.flatMap((range, k) => (range ? [k] : []));
  if (kept.length === 0) return wanted.map((places) => places && EMPTY);
  const fields = ranges.map((range) => range && ops.counters(2 ** HIGH));
  source.each((k, _, delta) => {
    ops.countMagnitudes(delta, LOW, 0, fields[k]!);
  }, kept);
  const coarse = ranges.map((range, k) => {
    const counts = fields[k];
    return range && counts ? range.map((place) => placed(counts, place, 0)) : [];
  });
  const digits = coarse.map((ends) => distinct(ends).map(() => ops.counters(2 ** LOW)));
  source.each((k, _, delta) => {
    for (const [i, { magnitude }] of distinct(coarse[k]!).entries())
      ops.countMagnitudes(delta, 0, magnitude, digits[k]![i]!);
  }, kept);
  return wanted.map((places, k) => {
    if (!places) return null;
    const range = ranges[k];
    if (!range) return EMPTY;
    const [first, last] = coarse[k]!.map((end, i) => refined(end, digits[k]!.at(i ? -1 : 0)!, range[i]!));
    return bandBetween(first!, last!, places);
  });
}

/** First and last place in ascending order; null where nothing is kept. */
function rangeOf(places: Places, length: number): readonly [first: number, last: number] | null {
  const from = places.order === "descending" ? length - places.top : places.from;
  const last = (places.order === "descending" ? length : places.to) - 1;
  return from <= last ? [from, last] : null;
}

const distinct = (ends: readonly Placed[]): readonly Placed[] =>
  ends.length === 2 && ends[0]!.magnitude === ends[1]!.magnitude ? ends.slice(1) : ends;

/** The field at a place, by the counts of fields, where `before` values stand below all of them. */
function placed(counts: Uint32Array, place: number, before: number): Placed {
  let below = before;
  let field = 0;
  while (below + counts[field]! <= place) below += counts[field++]!;
  return { magnitude: field, below, equal: counts[field]! };
}

function refined(end: Placed, counts: Uint32Array, place: number): Placed {
  const rest = placed(counts, place, end.below);
  return { ...rest, magnitude: end.magnitude * 2 ** LOW + rest.magnitude };
}

function bandBetween(first: Placed, last: Placed, places: Places): MagnitudeBand {
  if (places.order === "descending") {
    const above = last.below + last.equal - first.below - first.equal;
    const lowTo = places.top - above;
    return { low: first.magnitude, lowFrom: 0, lowTo, high: LARGEST, highFrom: 0, highTo: UNLIMITED };
  }
  const same = first.magnitude === last.magnitude;
  return {
    low: first.magnitude,
    lowFrom: places.from - first.below,
    lowTo: same ? places.to - first.below : UNLIMITED,
    high: last.magnitude,
    highFrom: 0,
    highTo: places.to - last.below,
  };
}
