import { useMemo } from "react";
import type { Mixture } from "../../core/mixture/mixture";
import { type Axes, sliceDistance, slicePoint, sliceRoom } from "../../core/mixture/slice";
import type { Estimate, Measurement, TargetId, TrainedRun } from "../../core/scoring/measurement";
import { useBestSoFar } from "../../state/hooks";
import { isComplete } from "../../state/records";
import { tableOf } from "../../state/tables";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import type { TernaryPoint } from "../../ui/ternary-paint";
import { NO_ROOM, sliceKey } from "./slice-field";

/** A mixture that stands as a point in the triangle, with what is known of it. */
export interface KnownPoint {
  readonly point: TernaryPoint;
  readonly alpha: Mixture;
  readonly name: string;
  readonly estimate: Estimate | null;
}

const wholePercents = (alpha: Mixture) => alpha.map((a) => Math.round(a * 100)).join(" / ");

/** Measured mixtures, references, the recommended and the best one, as points of the current slice. */
export function useKnownPoints(alpha: Mixture, axes: Axes, target: TargetId): readonly KnownPoint[] {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const overlays = useView((s) => s.overlays);
  const measurements = useWorkbench((s) => s.measurements);
  const runs = useWorkbench((s) => s.runs);
  const recommended = useWorkbench((s) => s.recommended);
  const best = useBestSoFar(target)?.measurement ?? null;
  const key = sliceKey(alpha, axes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what matters of alpha and axes
  return useMemo(() => {
    const points: KnownPoint[] = [];
    const add = (
      id: string,
      kind: TernaryPoint["kind"],
      mixture: Mixture,
      name: string,
      scores: Float32Array | null,
    ) => {
      if (mixture.length !== alpha.length || sliceRoom(mixture, axes) < NO_ROOM) return;
      points.push({
        point: { id, kind, at: slicePoint(mixture, axes), distance: sliceDistance(mixture, alpha, axes) },
        alpha: mixture,
        name,
        estimate: scores ? (tableOf(layout, scores, view)[target] ?? null) : null,
      });
    };
    const mixtureOf = (m: Measurement) => (m.key.subject.kind === "mixture" ? m.key.subject.alpha : []);
    if (overlays.measured) {
      for (const m of measurements) {
        const mixture = mixtureOf(m);
        if (isComplete(m) && m !== best)
          add(m.address, "measured", mixture, `measured ${wholePercents(mixture)}`, m.scores);
      }
      if (best)
        add(
          best.address,
          "best",
          mixtureOf(best),
          `best so far ${wholePercents(mixtureOf(best))}`,
          best.scores,
        );
    }
    if (overlays.references) {
      for (const run of referencesOf(runs))
        add(run.id, "reference", run.alpha, `really trained, ${run.id}`, run.scores);
    }
    if (recommended) add("recommended", "recommended", recommended, "recommended", null);
    return points;
  }, [layout, view, overlays, measurements, runs, recommended, best, target, key]);
}

export const referencesOf = (runs: readonly TrainedRun[]): TrainedRun[] =>
  runs.filter((r) => r.fraction === 1);

/** The measured point nearest in total variation, over all components; null when nothing is measured. */
export function nearestMeasured(
  points: readonly KnownPoint[],
  alpha: readonly number[],
): { readonly known: KnownPoint; readonly distance: number } | null {
  let best: { known: KnownPoint; distance: number } | null = null;
  for (const known of points) {
    if (known.point.kind !== "measured" && known.point.kind !== "best") continue;
    const distance = known.alpha.reduce((s, a, i) => s + Math.abs(a - (alpha[i] ?? 0)), 0) / 2;
    if (!best || distance < best.distance) best = { known, distance };
  }
  return best;
}
