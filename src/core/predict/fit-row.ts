import type { Mixture } from "../mixture/mixture";
import { standardError } from "../scoring/interval";
import type { TargetId } from "../scoring/measurement";
import { scoreTable, targetsOf, tasksByDomain } from "../scoring/score-table";
import type { ScoreView, TaskSetLayout } from "../scoring/task";
import type { FitRow } from "./surface";

/**
 * A measured mixture as the predictor sees it. All mixtures are scored on the same items, so which items a benchmark holds
 * moves all scores together and is no noise between rows: a complete measurement has standard error 0 here, an
 * unfinished one the finite-population error of the items still missing. The fitted variance takes up the rest.
 */
export function fitRow(layout: TaskSetLayout, alpha: Mixture, scores: Float32Array, view: ScoreView): FitRow {
  const table = scoreTable(layout, scores, view);
  const total: Record<TargetId, number> = { macro: 0 };
  for (const domain of tasksByDomain(layout)) {
    const items = domain.tasks.map((t) => t.block.items);
    domain.tasks.forEach((t, i) => {
      total[`task:${t.spec.id}`] = items[i]!;
    });
    total[`domain:${domain.id}`] = items.reduce((a, b) => a + b, 0);
    total.macro! += total[`domain:${domain.id}`]!;
  }
  const values: Record<TargetId, { value: number; se: number }> = {};
  for (const { id } of targetsOf(layout)) {
    const estimate = table[id]!;
    if (Number.isNaN(estimate.value)) continue;
    const missing = 1 - estimate.n / total[id]!;
    values[id] = {
      value: estimate.value,
      se: missing > 0 ? standardError(estimate) * Math.sqrt(missing) : 0,
    };
  }
  return { alpha, values };
}
