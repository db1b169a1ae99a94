import { LINEAR, type MergeChoice } from "../merge/merge-choice";
import type { Mixture } from "../mixture/mixture";
import { fail, ok, type Result } from "../result";
import { measurementAddress, measurementKey } from "../scoring/address";
import { noEstimate, studentInterval, wilsonInterval } from "../scoring/interval";
import type { Estimate, Measurement, Subject, TrainedRun } from "../scoring/measurement";
import { METRICS } from "../scoring/metrics";
import { aggregate, type ScoreTable, viewMetric } from "../scoring/score-table";
import type { Item, ScoreView, TaskLayout, TaskSetLayout } from "../scoring/task";
import { importedRow } from "./imported-row";
import { asShare, type ImportedScores, type ImportedValue } from "./imported-scores";

/** α in the set's order, from shares by component id that sum to 1; components that are not named have none. */
export function importedMixture({ alpha, name }: ImportedScores, ids: readonly string[]): Result<Mixture> {
  const bad = (message: string) =>
    fail<Mixture>("bad-recipe", `The scores of "${name}" ${message}`, {
      remedy: "State the mixture that they belong to.",
    });
  if (!alpha) return bad("do not say which mixture they belong to.");
  const foreign = Object.keys(alpha).find((id) => !ids.includes(id));
  if (foreign !== undefined) return bad(`name the component "${foreign}", which the set lacks.`);
  const shares = ids.map((id) => alpha[id] ?? 0);
  const sum = shares.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > 1e-6) return bad(`have shares that sum to ${sum}, not to 1.`);
  return ok(shares);
}

/** Where imported scores belong. */
export interface ImportPlace {
  /** Hash of the set. */
  readonly set: string;
  readonly layout: TaskSetLayout;
  readonly items: readonly (readonly Item[])[];
  readonly subject: Subject;
  readonly method?: MergeChoice;
}

/** Another tool's items as a measurement of a subject; refused where no item is one of the tasks'. */
export async function importedMeasurement(
  imported: ImportedScores,
  { set, layout, items, subject, method = LINEAR }: ImportPlace,
): Promise<Result<Measurement>> {
  const row = matchedRow(imported, layout, items);
  if (!row.ok) return row;
  const key = measurementKey(set, layout.hash, subject, method);
  return ok({
    address: await measurementAddress(key),
    key,
    scores: row.value.scores,
    done: row.value.done,
    total: layout.tasks.reduce((sum, t) => sum + t.block.items, 0),
    backend: "imported",
    origin: "imported",
    at: imported.at ?? new Date(0).toISOString(),
    seconds: 0,
    versions: { [imported.tool]: imported.files.join(", ") },
  });
}

/** Another tool's items as a reference: the model was really trained on α. `tokens` after the base; 0 where nobody knows. */
export function importedReference(
  imported: ImportedScores,
  place: Pick<ImportPlace, "layout" | "items"> & { readonly alpha: Mixture; readonly tokens?: number },
): Result<TrainedRun> {
  const row = matchedRow(imported, place.layout, place.items);
  if (!row.ok) return row;
  return ok({
    id: imported.name,
    split: "report",
    alpha: place.alpha,
    seed: 0,
    tokens: place.tokens ?? 0,
    fraction: 1,
    scores: row.value.scores,
  });
}

function matchedRow(
  imported: ImportedScores,
  layout: TaskSetLayout,
  items: readonly (readonly Item[])[],
): Result<{ scores: Float32Array; done: number }> {
  const { scores, matched } = importedRow(layout, items, imported);
  const done = matched.reduce((a, b) => a + b, 0);
  if (done > 0) return ok({ scores, done });
  return fail("bad-task", `No item of "${imported.name}" is one of the tasks that are scored here.`, {
    ...(imported.files[0] && { file: imported.files[0] }),
    remedy: "Score the same task with the same prompts here, and choose the samples files too.",
  });
}

/**
 * Task scores as another tool states them, without items: each task's value of the metric that counts under the view, with a
 * 95 % interval from its standard error; domains and macro average from those. Tasks without that metric have NaN.
 */
export function importedTable(layout: TaskSetLayout, imported: ImportedScores, view: ScoreView): ScoreTable {
  return aggregate(layout, (task) => taskEstimate(task, imported, view));
}

function taskEstimate({ spec }: TaskLayout, imported: ImportedScores, view: ScoreView): Estimate {
  const task = imported.tasks.find((t) => t.task === spec.id || t.task === spec.origin?.task);
  const metric = viewMetric(spec, view);
  const names = new Set([
    metric,
    ...(spec.metrics ?? []).filter((u) => u.metric === metric).map((u) => u.name ?? metric),
  ]);
  const found = task?.values.filter((v) => names.has(v.metric)) ?? [];
  const value = found.find((v) => v.filter === (spec.accuracyFilter ?? "none")) ?? found[0];
  if (!task || !value) return noEstimate();
  return estimateOf(value, METRICS[metric].unit === "", task.n ?? 0);
}

function estimateOf(value: ImportedValue, isShare: boolean, n: number): Estimate {
  const stated = asShare(value);
  const { stderr } = value;
  if (stderr === null || n < 2) return { value: stated, low: Number.NaN, high: Number.NaN, n };
  const se = value.percent ? stderr / 100 : stderr;
  return isShare ? wilsonInterval(stated, se, n) : studentInterval(stated, se, n);
}
