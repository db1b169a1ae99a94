import type { Mixture } from "../mixture/mixture";

/** Total variation distance: the share of the whole that must move to turn one mixture into the other, in [0, 1]. */
export function totalVariation(a: Mixture, b: Mixture): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / 2;
}

/**
 * `count` of the ranked mixtures, best first, each at least `spacing` away from the others and from `known`; the spacing is
 * halved until enough are found. Shorter only when the pool holds too few distinct ones.
 */
export function diverseTop(
  ranked: readonly Mixture[],
  count: number,
  known: readonly Mixture[],
  spacing = 0.04,
): Mixture[] {
  const chosen: Mixture[] = [];
  for (let gap = spacing; chosen.length < count && gap > 1e-6; gap = gap > 5e-5 ? gap / 2 : 0) {
    for (const alpha of ranked) {
      if (chosen.length === count) break;
      const far = (other: Mixture) => totalVariation(alpha, other) >= gap;
      if (chosen.every(far) && known.every(far)) chosen.push(alpha);
    }
  }
  return chosen;
}
