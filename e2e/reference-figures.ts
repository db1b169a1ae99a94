import { type Consistency, consistency } from "../src/core/rank/consistency";
import type { TrainedRun } from "../src/core/scoring/measurement";
import { trainedRuns } from "../src/core/scoring/runs-file";
import { layout, readRuns, spec } from "./demo-files";

/** The references of the committed set with the shipped scores of the merged models at the same mixtures. */
export interface Reported {
  readonly references: readonly TrainedRun[];
  readonly merged: readonly Float32Array[];
  readonly fractions: readonly number[];
  /** Trained proxies at a fraction of the budget, in the references' order. */
  readonly trained: (fraction: number) => readonly TrainedRun[];
}

export function readReported(): Reported {
  if (!spec.references) throw new Error("demix-set.json names no references");
  const runs = trainedRuns(readRuns(spec.references)).filter((r) => r.split === "report");
  const design = readRuns(spec.design!);
  const shipped = new Map(
    design.header.rows.map(({ subject }, i) => [
      subject.kind === "mixture" ? subject.alpha.join(" ") : "base",
      design.scores[i]!,
    ]),
  );
  const references = runs.filter((r) => r.fraction === 1);
  const merged = references.map((r) => {
    const scores = shipped.get(r.alpha.join(" "));
    if (!scores) throw new Error(`design.json has no merged model for the reference ${r.id}`);
    return scores;
  });
  const fractions = [...new Set(runs.map((r) => r.fraction))].filter((f) => f < 1).sort((a, b) => a - b);
  const trained = (fraction: number) =>
    references.map((reference) => {
      const run = runs.find(
        (r) => r.fraction === fraction && r.seed === reference.seed && `${r.alpha}` === `${reference.alpha}`,
      );
      if (!run) throw new Error(`the reference ${reference.id} has no checkpoint at ${fraction}`);
      return run;
    });
  return { references, merged, fractions, trained };
}

/** The figures that the page must show, computed here from the same files with the page's bootstrap. */
export const figuresOf = (
  proxies: readonly Float32Array[],
  references: readonly TrainedRun[],
  view: "continuous" | "accuracy",
): Consistency =>
  consistency(
    layout,
    proxies,
    references.map((r) => r.scores),
    view,
    { bootstrap: 500, seed: 0 },
  );
