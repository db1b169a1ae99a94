import type { MagnitudeBand } from "../magnitude-blocks";
import { type MagnitudeSource, magnitudesAt, type Placed } from "./order-statistics";

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

/** Bands that keep the wanted places of each tensor's magnitudes; null where nothing is wanted of one. No entry is sorted. */
export function bandsOf(
  source: MagnitudeSource,
  wanted: readonly (Places | null)[],
): (MagnitudeBand | null)[] {
  const { length } = source;
  const ends = magnitudesAt(
    source,
    wanted.map((places) => (places ? endsOf(places, length) : [])),
  );
  return wanted.map((places, k) => {
    if (!places) return null;
    const [first, last] = ends[k]!;
    if (!first) return EMPTY;
    return places.order === "descending"
      ? topBand(first, places.top, length)
      : rangeBand(first, last!, places.from, places.to);
  });
}

/** The places whose magnitudes bound the band; none where nothing is kept. */
function endsOf(places: Places, length: number): readonly number[] {
  if (places.order === "descending") return places.top > 0 ? [length - places.top] : [];
  return places.from < places.to ? [places.from, places.to - 1] : [];
}

/** The `top` largest of `length` magnitudes, where `first` is the smallest of them. */
function topBand({ magnitude, below, equal }: Placed, top: number, length: number): MagnitudeBand {
  const above = length - below - equal;
  return { low: magnitude, lowFrom: 0, lowTo: top - above, high: LARGEST, highFrom: 0, highTo: UNLIMITED };
}

/** The places [from, to), where `first` and `last` are the smallest and the largest of them. */
function rangeBand(first: Placed, last: Placed, from: number, to: number): MagnitudeBand {
  const same = first.magnitude === last.magnitude;
  return {
    low: first.magnitude,
    lowFrom: from - first.below,
    lowTo: same ? to - first.below : UNLIMITED,
    high: last.magnitude,
    highFrom: 0,
    highTo: to - last.below,
  };
}
