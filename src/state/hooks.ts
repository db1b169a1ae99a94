import { useMemo } from "react";
import type { Mixture } from "../core/mixture/mixture";
import { predict } from "../core/predict/gaussian-process";
import type { GpModel } from "../core/predict/surface";
import { subjectText } from "../core/scoring/address";
import type { Estimate, Measurement, Subject, TargetId } from "../core/scoring/measurement";
import { type ScoreTable, type Target, targetsOf } from "../core/scoring/score-table";
import { sameMethod, useMixture } from "./mixture-store";
import { isComplete } from "./records";
import { tableOf } from "./tables";
import { useView } from "./view-store";
import { type Running, useLoadedSet, useWorkbench } from "./workbench-store";

/** Macro, then each domain followed by its benchmarks. */
export function useTargets(): readonly Target[] {
  const { layout } = useLoadedSet();
  return useMemo(() => targetsOf(layout), [layout]);
}

/** The fitted predictor of a target in the current view, or null (not fitted yet, or refused). */
export function useModel(target: TargetId): GpModel | null {
  const view = useView((s) => s.view);
  return useWorkbench((s) => (s.fitted?.view === view ? (s.fitted.surface.models[target] ?? null) : null));
}

/** Predicted latent score as an estimate with its 95 % interval; n is the number of fitted measurements. */
export function predictedEstimate(model: GpModel, alpha: Mixture): Estimate {
  const { mean, sd } = predict(model, alpha);
  return { value: mean, low: mean - 1.96 * sd, high: mean + 1.96 * sd, n: model.n };
}

export interface MeasuredScores {
  readonly table: ScoreTable;
  readonly scores: Float32Array;
  readonly done: number;
  readonly total: number;
  readonly complete: boolean;
}

/** Scores of a subject: from the running measurement when it is that one, else from the journal; null when unmeasured. */
export function useMeasured(subject: Subject | null): MeasuredScores | null {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const text = subject ? subjectText(subject) : "";
  const recorded = useWorkbench((s) => (text ? (s.bySubject.get(text) ?? null) : null));
  const method = useMixture((s) => s.method);
  const running = useWorkbench((s) =>
    text &&
    s.running &&
    subjectText(s.running.subject) === text &&
    (s.running.subject.kind === "base" || sameMethod(s.running.method, method))
      ? s.running
      : null,
  );
  return useMemo(() => {
    const source: Running | Measurement | null = running?.scores ? running : recorded;
    if (!source?.scores || source.done === 0) return null;
    const { scores, done, total } = source;
    return { table: tableOf(layout, scores, view), scores, done, total, complete: done >= total };
  }, [recorded, running, layout, view]);
}

/** Scores of the mixture under the cursor. */
export function useCurrentMeasured(): MeasuredScores | null {
  const alpha = useMixture((s) => s.alpha);
  return useMeasured(useMemo(() => ({ kind: "mixture", alpha }), [alpha]));
}

const BASE: Subject = { kind: "base" };
export const useBaseMeasured = (): MeasuredScores | null => useMeasured(BASE);

/** The complete measurement with the highest value of a target, in the current view. */
export function useBestSoFar(
  target: TargetId,
): { readonly measurement: Measurement; readonly estimate: Estimate } | null {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const measurements = useWorkbench((s) => s.measurements);
  return useMemo(() => {
    let best: { measurement: Measurement; estimate: Estimate } | null = null;
    for (const measurement of measurements) {
      if (!isComplete(measurement) || measurement.key.subject.kind !== "mixture") continue;
      const estimate = tableOf(layout, measurement.scores, view)[target];
      if (estimate && (!best || estimate.value > best.estimate.value)) best = { measurement, estimate };
    }
    return best;
  }, [measurements, layout, view, target]);
}
