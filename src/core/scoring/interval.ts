import type { Estimate } from "./measurement";

/** Two-sided 95 % point of the standard normal distribution. */
export const Z95 = 1.959963984540054;

const SMALL = [
  12.7062047362, 4.3026527299, 3.1824463053, 2.7764451052, 2.5705818366, 2.4469118511, 2.3646242516,
];

/**
 * Two-sided 95 % point of Student's t. Exact (10 digits) up to 7 degrees of freedom, then the Cornish–Fisher
 * expansion (Abramowitz and Stegun 26.7.5), within 1e-5. NaN below one degree of freedom.
 */
export function student95(degrees: number): number {
  if (!(degrees >= 1)) return Number.NaN;
  if (degrees <= SMALL.length) return SMALL[Math.floor(degrees) - 1]!;
  const z = Z95;
  const z2 = z * z;
  const g1 = (z * (z2 + 1)) / 4;
  const g2 = (z * ((5 * z2 + 16) * z2 + 3)) / 96;
  const g3 = (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384;
  const g4 = (z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945)) / 92_160;
  const v = 1 / degrees;
  return z + v * (g1 + v * (g2 + v * (g3 + v * g4)));
}

export const noEstimate = (n = 0): Estimate => ({
  value: Number.NaN,
  low: Number.NaN,
  high: Number.NaN,
  n,
});

/** value ± t(n − 1) · se; no interval below two items. */
export function studentInterval(value: number, se: number, n: number): Estimate {
  const half = student95(n - 1) * se;
  return { value, low: value - half, high: value + half, n };
}

/**
 * Wilson's score interval for a mean of values in [0, 1], with t for z and the effective sample size p(1 − p)/se² for n:
 * it stays inside [0, 1] and keeps a width at 0 and 1, where n itself is used.
 */
export function wilsonInterval(value: number, se: number, n: number): Estimate {
  const t = student95(n - 1);
  if (Number.isNaN(t)) return { value, low: Number.NaN, high: Number.NaN, n };
  const spread = value * (1 - value);
  if (spread > 1e-12 && se === 0) return { value, low: value, high: value, n };
  const size = spread > 1e-12 ? spread / (se * se) : n;
  const z2 = (t * t) / size;
  const centre = (value + z2 / 2) / (1 + z2);
  const half = (t * Math.sqrt(spread / size + z2 / (4 * size))) / (1 + z2);
  return {
    value,
    low: Math.max(0, Math.min(value, centre - half)),
    high: Math.min(1, Math.max(value, centre + half)),
    n,
  };
}

/**
 * Mean of independent estimates: lower and upper distances add in quadrature (Zou and Donner 2008, "MOVER"), which is
 * the propagation of standard errors, keeps skewed intervals skewed and never leaves the range of the parts.
 * NaN where a part has no value yet. `n` is the sum of the parts' items.
 */
export function meanOf(parts: readonly Estimate[]): Estimate {
  const m = parts.length;
  let value = 0;
  let below = 0;
  let above = 0;
  let n = 0;
  for (const p of parts) {
    value += p.value / m;
    below += (p.value - p.low) ** 2;
    above += (p.high - p.value) ** 2;
    n += p.n;
  }
  if (m === 0 || Number.isNaN(value)) return noEstimate(n);
  return { value, low: value - Math.sqrt(below) / m, high: value + Math.sqrt(above) / m, n };
}

/** Standard error that the estimate's interval stands for (half its width over t); NaN without an interval. */
export function standardError(estimate: Estimate): number {
  return (estimate.high - estimate.low) / 2 / student95(estimate.n - 1);
}
