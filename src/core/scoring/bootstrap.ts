import type { RandomSource } from "../seeded-random";
import { Z95 } from "./interval";
import type { Estimate } from "./measurement";

/** How often each of n items is drawn in one resample of size n with replacement; written into `counts`. */
export function resample(counts: Float64Array, random: RandomSource): void {
  counts.fill(0);
  const n = counts.length;
  for (let i = 0; i < n; i++) counts[Math.floor(random() * n)]! += 1;
}

/**
 * Bias-corrected percentile interval (Efron 1981), 95 %. Resampling adds item noise a second time, which pulls
 * correlations towards 0; the correction takes that back. It always holds `value`. NaN draws are left out; no interval
 * when fewer than half the draws are numbers.
 */
export function bootstrapInterval(value: number, draws: readonly number[], n: number): Estimate {
  const sorted = draws.filter((d) => !Number.isNaN(d)).sort((a, b) => a - b);
  const size = sorted.length;
  if (Number.isNaN(value) || size < 2 || size < draws.length / 2) {
    return { value, low: Number.NaN, high: Number.NaN, n };
  }
  let below = 0;
  for (const d of sorted) below += d < value ? 1 : d === value ? 0.5 : 0;
  const bias = normalQuantile(Math.min(Math.max(below / size, 1 / (size + 1)), size / (size + 1)));
  return {
    value,
    low: Math.min(value, quantile(sorted, normalCdf(2 * bias - Z95))),
    high: Math.max(value, quantile(sorted, normalCdf(2 * bias + Z95))),
    n,
  };
}

/** Linear interpolation between order statistics (type 7, numpy's default). */
export function quantile(sorted: readonly number[], p: number): number {
  const at = (sorted.length - 1) * Math.min(Math.max(p, 0), 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/** Standard normal distribution function (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(z) / Math.SQRT2));
  const poly =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (poly * Math.exp((-z * z) / 2)) / 2;
  return z > 0 ? 1 - tail : tail;
}

/** Inverse of `normalCdf` by bisection; p in (0, 1). */
export function normalQuantile(p: number): number {
  let low = -9;
  let high = 9;
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
