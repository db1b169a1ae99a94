import { typicalSpread } from "../../core/scoring/items-needed";
import type { Estimate, TargetId } from "../../core/scoring/measurement";
import { pairedDifference } from "../../core/scoring/paired";
import type { ScoreView, TaskSetLayout } from "../../core/scoring/task";
import { seededRandom } from "../../core/seeded-random";

/** Pairs that are looked at: enough for a steady spread, few enough for a frame. */
const MOST_PAIRS = 24;

export interface MeasuredSpread {
  /** Of an item's paired difference, by target; NaN where no pair has an interval. */
  readonly sd: Readonly<Record<TargetId, number>>;
  readonly pairs: number;
}

/** Spread of paired item differences between measured mixtures: all pairs where they are few, else a seeded sample. */
export function measuredSpread(
  layout: TaskSetLayout,
  rows: readonly Float32Array[],
  view: ScoreView,
): MeasuredSpread {
  const pairs = choosePairs(rows.length, MOST_PAIRS);
  const tables = pairs.map(([i, j]) => pairedDifference(layout, rows[i]!, rows[j]!, view));
  const targets = Object.keys(tables[0] ?? {});
  const of = (target: TargetId) =>
    typicalSpread(tables.map((table) => table[target]).filter((e): e is Estimate => e !== undefined));
  return { sd: Object.fromEntries(targets.map((t) => [t, of(t)])), pairs: pairs.length };
}

/** Distinct pairs i < j of n; all of them when there are no more than `most`. */
export function choosePairs(n: number, most: number): (readonly [number, number])[] {
  if ((n * (n - 1)) / 2 <= most)
    return Array.from({ length: n }, (_, i) => i).flatMap((i) =>
      Array.from({ length: n - i - 1 }, (_, k) => [i, i + 1 + k] as const),
    );
  const random = seededRandom(n);
  const chosen = new Map<string, readonly [number, number]>();
  while (chosen.size < most) {
    const [i, j] = [Math.floor(random() * n), Math.floor(random() * n)];
    if (i < j) chosen.set(`${i} ${j}`, [i, j]);
  }
  return [...chosen.values()];
}
