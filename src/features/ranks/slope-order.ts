import type { Estimate } from "../../core/scoring/measurement";

/** Items from the best to the worst by their value; equal values in their given order. */
export function descending(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
}

/** Place of every item, 0 = best. */
export function places(order: readonly number[]): number[] {
  const place = new Array<number>(order.length).fill(0);
  order.forEach((item, p) => {
    place[item] = p;
  });
  return place;
}

/** Places first…last, inclusive, that a band of ties covers. */
export interface TieBand {
  readonly first: number;
  readonly last: number;
}

/**
 * Splits an order into bands: a band holds its best item and those right below it whose interval overlaps the best one's, so
 * that within a band the order is not settled against its best. Items without an interval stand alone.
 */
export function tieBands(order: readonly number[], estimates: readonly Estimate[]): TieBand[] {
  const bands: TieBand[] = [];
  for (let first = 0; first < order.length; ) {
    const { low } = estimates[order[first]!]!;
    let last = first;
    while (last + 1 < order.length && estimates[order[last + 1]!]!.high >= low) last++;
    bands.push({ first, last });
    first = last + 1;
  }
  return bands;
}

/** Items of one column in the order, whose intervals overlap with that of `item`; without the item itself. */
export function tiedWith(item: number, estimates: readonly Estimate[]): number[] {
  const own = estimates[item]!;
  return estimates.flatMap((e, i) => (i !== item && e.low <= own.high && e.high >= own.low ? [i] : []));
}

/** Top places by reference: max(2, ⌊n/4⌋), as the top-25 % ρ counts them (method §2). */
export { topQuarterSize } from "../../core/rank/agreement";
