import { type ScoreTable, scoreTable } from "../core/scoring/score-table";
import type { ScoreView, TaskSetLayout } from "../core/scoring/task";
import { layoutKey } from "./layout-key";

const cache = new WeakMap<Float32Array, Map<string, ScoreTable>>();

/** Score table of a row of item scores; computed once per row and view. */
export function tableOf(layout: TaskSetLayout, scores: Float32Array, view: ScoreView): ScoreTable {
  let byView = cache.get(scores);
  if (!byView) {
    byView = new Map();
    cache.set(scores, byView);
  }
  const key = `${layoutKey(layout)} ${view}`;
  let table = byView.get(key);
  if (!table) {
    table = scoreTable(layout, scores, view);
    byView.set(key, table);
  }
  return table;
}
