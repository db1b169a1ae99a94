import { spearman } from "./spearman";

/** k of the top quarter: max(2, ⌊n/4⌋). */
export const topQuarterSize = (n: number): number => Math.max(2, Math.floor(n / 4));

/** Indices of the k mixtures with the highest reference score, best first; ties in their given order. */
export function topQuarter(reference: ArrayLike<number>): number[] {
  const order = Array.from({ length: reference.length }, (_, i) => i);
  order.sort((a, b) => reference[b]! - reference[a]! || a - b);
  return order.slice(0, topQuarterSize(reference.length));
}

/** ρ among the top quarter by reference (method §2). */
export function topQuarterRho(proxy: ArrayLike<number>, reference: ArrayLike<number>): number {
  const top = topQuarter(reference);
  return spearman(
    top.map((i) => proxy[i]!),
    top.map((i) => reference[i]!),
  );
}

/** Capability recovery Σ proxy / Σ reference (method §2); NaN when the references sum to 0. */
export function recovery(proxy: ArrayLike<number>, reference: ArrayLike<number>): number {
  let above = 0;
  let below = 0;
  for (let i = 0; i < reference.length; i++) {
    above += proxy[i]!;
    below += reference[i]!;
  }
  return below === 0 ? Number.NaN : above / below;
}

/** Rank of a score among the references: 1 + those better + half of those equal; 1 is best, n + 1 worst. */
export function rankAmong(score: number, references: ArrayLike<number>): number {
  if (Number.isNaN(score)) return Number.NaN;
  let rank = 1;
  for (let i = 0; i < references.length; i++) {
    if (references[i]! > score) rank += 1;
    else if (references[i]! === score) rank += 0.5;
  }
  return rank;
}

/** Mean over domains with undefined values counted as 0, the release's rule for ρ. */
export const macroRho = (perDomain: readonly number[]): number =>
  perDomain.reduce((sum, rho) => sum + (Number.isNaN(rho) ? 0 : rho), 0) / perDomain.length;

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
