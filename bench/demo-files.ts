import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ComponentSetSpec } from "../src/core/checkpoint/component-set";
import { parseSetSpec } from "../src/core/checkpoint/set-spec";
import type { FitRow } from "../src/core/predict/surface";
import { type Result, sentence } from "../src/core/result";
import { parseRunsHeader, splitScores } from "../src/core/scoring/runs-file";
import { scoreTable } from "../src/core/scoring/score-table";
import type { TaskSetLayout } from "../src/core/scoring/task";

/** In a benchmark a failure is the end of the group. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

export const readSetSpec = (set: string): ComponentSetSpec =>
  must(parseSetSpec(readFileSync(join(set, "demix-set.json"), "utf8"), "demix-set.json"));

export const readLayout = (set: string): TaskSetLayout =>
  JSON.parse(readFileSync(join(set, "layout.json"), "utf8")) as TaskSetLayout;

/** The mixtures of the shipped design with their continuous scores, as the page fits them. */
export function designRows(set: string, layout: TaskSetLayout): FitRow[] {
  const spec = readSetSpec(set);
  if (!spec.design) throw new Error("The set has no design.");
  const text = readFileSync(join(set, spec.design), "utf8");
  const header = must(parseRunsHeader(text, spec.design, spec.components.length));
  const bytes = readFileSync(join(set, header.scoresFile));
  const { scores } = must(splitScores(header, bytes, header.scoresFile));
  return header.rows.flatMap(({ subject }, i) => {
    if (subject.kind !== "mixture") return [];
    return [{ alpha: subject.alpha, values: exactScores(layout, scores[i]!) }];
  });
}

/** Continuous scores of a complete measurement: between those there is no sampling noise. */
export function exactScores(layout: TaskSetLayout, scores: Float32Array): FitRow["values"] {
  const table = scoreTable(layout, scores, "continuous");
  return Object.fromEntries(Object.entries(table).map(([id, e]) => [id, { value: e.value, se: 0 }]));
}
