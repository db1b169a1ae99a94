import { student95, Z95 } from "./interval";
import type { Estimate } from "./measurement";

/** One-sided normal point that is added to z for a power: 0 where half of the true differences are to be seen. */
export const POWERS = { 0.5: 0, 0.8: 0.8416212335729143, 0.9: 1.2815515655446004 } as const;
export type Power = keyof typeof POWERS;

/**
 * Standard deviation of an item's paired difference (a − b), in units of the score, that a difference's interval stands
 * for: sd = √n · half width / t(n − 1). For a mean over tasks it holds for items in the proportions of now. NaN without
 * an interval.
 */
export function pairedSpread(difference: Estimate): number {
  const { low, high, n } = difference;
  return (Math.sqrt(n) * (high - low)) / 2 / student95(n - 1);
}

/** Spread typical of several pairs: the root of the mean variance; pairs without an interval are left out. */
export function typicalSpread(differences: readonly Estimate[]): number {
  const spreads = differences.map(pairedSpread).filter((sd) => Number.isFinite(sd));
  if (spreads.length === 0) return Number.NaN;
  return Math.sqrt(spreads.reduce((sum, sd) => sum + sd * sd, 0) / spreads.length);
}

/**
 * Items that both mixtures must have scored so that a true difference Δ leaves 0 outside its 95 % interval with the
 * given power: n = ⌈((z + z_power) · sd / Δ)²⌉, z = 1.96. At least 2; Infinity for Δ = 0; NaN without a spread.
 */
export function itemsNeeded(sd: number, delta: number, power: Power): number {
  if (!Number.isFinite(sd) || Number.isNaN(delta)) return Number.NaN;
  if (delta === 0) return Number.POSITIVE_INFINITY;
  return Math.max(2, Math.ceil((((Z95 + POWERS[power]) * sd) / delta) ** 2 - 1e-9));
}

/** The other way round: the smallest difference that n items tell apart, Δ = (z + z_power) · sd / √n. */
export const smallestDifference = (sd: number, n: number, power: Power): number =>
  ((Z95 + POWERS[power]) * sd) / Math.sqrt(n);
