import type { Mixture } from "../../core/mixture/mixture";
import { subjectText } from "../../core/scoring/address";
import type { Measurement, TrainedRun } from "../../core/scoring/measurement";

/** A mixture with a really trained reference, its merged proxy and its early checkpoints. */
export interface RankRow {
  readonly id: string;
  readonly alpha: Mixture;
  readonly reference: TrainedRun;
  /** Complete measurement of the components merged at α; null when not measured yet. */
  readonly merged: Measurement | null;
  /** Checkpoints before the end of the run, by fraction of its budget. */
  readonly trained: ReadonlyMap<number, TrainedRun>;
}

export interface RankRows {
  /** In the order of the runs file. */
  readonly rows: readonly RankRow[];
  /** Fractions below 1 that every row has, ascending. */
  readonly fractions: readonly number[];
}

const runKey = (run: TrainedRun) => `${run.seed} ${run.alpha.join(" ")}`;

/** The references of split "report", each with what is known at the same mixture. */
export function rankRows(runs: readonly TrainedRun[], bySubject: ReadonlyMap<string, Measurement>): RankRows {
  const report = runs.filter((r) => r.split === "report");
  const early = new Map<string, Map<number, TrainedRun>>();
  for (const run of report) {
    if (run.fraction >= 1) continue;
    const known = early.get(runKey(run)) ?? new Map<number, TrainedRun>();
    early.set(runKey(run), known.set(run.fraction, run));
  }
  const rows = report
    .filter((r) => r.fraction >= 1)
    .map((reference): RankRow => {
      const measured = bySubject.get(subjectText({ kind: "mixture", alpha: reference.alpha }));
      return {
        id: reference.id,
        alpha: reference.alpha,
        reference,
        merged: measured && measured.done >= measured.total ? measured : null,
        trained: early.get(runKey(reference)) ?? new Map(),
      };
    });
  const fractions = [...new Set(report.map((r) => r.fraction))]
    .filter((f) => f < 1 && rows.every((row) => row.trained.has(f)))
    .sort((a, b) => a - b);
  return { rows, fractions };
}

/** Mixtures whose merged proxy is not measured, each once. */
export function missingProxies(rows: readonly RankRow[]): Mixture[] {
  const missing = new Map<string, Mixture>();
  for (const row of rows) if (!row.merged) missing.set(row.alpha.join(" "), row.alpha);
  return [...missing.values()];
}
