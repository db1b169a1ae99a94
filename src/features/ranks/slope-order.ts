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

/** Places first…last, inclusive, 0 = best, that a band of ties covers. */
export interface TieBand {
  readonly first: number;
  readonly last: number;
}

/**
 * Splits an order into bands: a band holds its best item and those right below it that are tied with it, so that within a
 * band the order is not settled against its best. `isTied` may take its time.
 */
export async function tieBands(
  order: readonly number[],
  isTied: (best: number, item: number) => boolean | Promise<boolean>,
): Promise<TieBand[]> {
  const bands: TieBand[] = [];
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (last + 1 < order.length && (await isTied(order[first]!, order[last + 1]!))) last++;
    bands.push({ first, last });
    first = last + 1;
  }
  return bands;
}
