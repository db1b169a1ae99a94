import { useMemo } from "react";
import { quantile } from "../../core/scoring/bootstrap";
import type { TargetId } from "../../core/scoring/measurement";
import { isComplete } from "../../state/records";
import { tableOf } from "../../state/tables";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { halfWidth } from "../../ui/format";
import { type ScoreAxis, scoreAxis } from "../../ui/score-axis";
import type { ColorRange } from "../../ui/ternary-heat";

/** Values of a target in all complete measurements of mixtures, in the current view. */
function useValues(target: TargetId): { readonly values: readonly number[]; readonly half: number } {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const measurements = useWorkbench((s) => s.measurements);
  return useMemo(() => {
    const values: number[] = [];
    let half = 0;
    for (const m of measurements) {
      if (!isComplete(m) || m.key.subject.kind !== "mixture") continue;
      const estimate = tableOf(layout, m.scores, view)[target];
      if (!estimate || !Number.isFinite(estimate.value)) continue;
      values.push(estimate.value);
      half = Math.max(half, halfWidth(estimate) || 0);
    }
    return { values, half };
  }, [layout, view, measurements, target]);
}

/** Share of the measured mixtures whose scores share the darkest colour: what is worst needs no shades of its own. */
const DARKEST = 0.1;

/** The colour range: what has been measured, so that a colour keeps its meaning while one drags. */
export function useColorRange(target: TargetId): ColorRange {
  const { values } = useValues(target);
  return useMemo(() => {
    const sorted = [...values].sort((a, b) => a - b);
    const high = sorted.at(-1);
    if (high === undefined) return { low: 0, high: 1 };
    const low = quantile(sorted, sorted.length >= 20 ? DARKEST : 0);
    return high > low ? { low, high, open: low > sorted[0]! } : { low: low - 0.005, high: high + 0.005 };
  }, [values]);
}

/** A row's axis: the measured mixtures and the base, with room for intervals. */
export function useScoreAxis(target: TargetId, base: number | null): ScoreAxis | null {
  const { values, half } = useValues(target);
  return useMemo(() => scoreAxis([...values, base ?? Number.NaN], half), [values, half, base]);
}
