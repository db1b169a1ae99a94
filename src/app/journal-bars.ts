import { subjectText } from "../core/scoring/address";
import type { Estimate, Measurement, TargetId } from "../core/scoring/measurement";
import type { ScoreView, TaskSetLayout } from "../core/scoring/task";
import { tableOf } from "../state/tables";

export interface JournalBar {
  readonly measurement: Measurement;
  readonly text: string;
  /** The target's score; its value is NaN while no item of it is scored. */
  readonly estimate: Estimate;
}

export interface JournalScale {
  readonly low: number;
  readonly high: number;
}

const NONE: Estimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN, n: 0 };

export const journalBars = (
  measurements: readonly Measurement[],
  layout: TaskSetLayout,
  view: ScoreView,
  target: TargetId,
): JournalBar[] =>
  measurements.map((measurement) => ({
    measurement,
    text: subjectText(measurement.key.subject),
    estimate: tableOf(layout, measurement.scores, view)[target] ?? NONE,
  }));

/** Least and greatest score of the complete measurements; null when there is none. */
export function journalScale(bars: readonly JournalBar[]): JournalScale | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { measurement, estimate } of bars) {
    if (measurement.done < measurement.total || !Number.isFinite(estimate.value)) continue;
    low = Math.min(low, estimate.value);
    high = Math.max(high, estimate.value);
  }
  return low <= high ? { low, high } : null;
}

/** Share of the strip's height: the least score keeps a stump, values outside the scale stop at its ends. */
export function barHeight(value: number, scale: JournalScale | null): number {
  if (!scale || !Number.isFinite(value)) return 0.12;
  if (scale.high === scale.low) return 0.7;
  const t = (value - scale.low) / (scale.high - scale.low);
  return 0.16 + 0.84 * Math.min(1, Math.max(0, t));
}

/** Distance between bars so that n of them fill the width; the strip scrolls when that would be too narrow. */
export const barPitch = (n: number, width: number): number =>
  Math.min(16, Math.max(5, Math.floor((width - 4) / Math.max(1, n))));
