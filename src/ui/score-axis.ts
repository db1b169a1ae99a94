/** The scores that a row's axis spans. */
export interface ScoreAxis {
  readonly low: number;
  readonly high: number;
}

const PAD = 0.08;

/** An axis over all finite values, padded; `half` (a typical half interval) widens it by at most three quarters of the spread. */
export function scoreAxis(values: readonly number[], half = 0): ScoreAxis | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const spread = high - low || 0.02;
  const pad = Math.max(PAD * spread, Math.min(half, 0.75 * spread));
  return { low: low - pad, high: high + pad };
}

/** Place on the axis in percent, clamped to it. */
export function axisPercent(axis: ScoreAxis, value: number): number {
  const at = (value - axis.low) / (axis.high - axis.low);
  return 100 * Math.min(1, Math.max(0, at));
}

export const isOnAxis = (axis: ScoreAxis, value: number): boolean => value >= axis.low && value <= axis.high;
