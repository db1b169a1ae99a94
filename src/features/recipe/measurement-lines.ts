import type { Measurement } from "../../core/scoring/measurement";
import type { ScoreTable } from "../../core/scoring/score-table";
import type { ScoreView, TaskSetLayout } from "../../core/scoring/task";

const VIEWS = ["continuous", "accuracy"] as const;

/** One measurement as a line of JSON: its key and provenance, and the score of each benchmark under both views. */
export function measurementLine(
  m: Measurement,
  layout: TaskSetLayout,
  table: (view: ScoreView) => ScoreTable,
): string {
  const scores = Object.fromEntries(
    VIEWS.map((view) => {
      const values = table(view);
      const tasks = layout.tasks.flatMap(({ spec }) => {
        const e = values[`task:${spec.id}`];
        if (!e || !Number.isFinite(e.value)) return [];
        const metric = view === "continuous" ? spec.continuousMetric : spec.accuracyMetric;
        return [
          [spec.id, { metric, value: e.value, low: finite(e.low), high: finite(e.high), n: e.n }] as const,
        ];
      });
      return [view, Object.fromEntries(tasks)];
    }),
  );
  const { address, key, done, total, backend, origin, at, seconds, versions } = m;
  return JSON.stringify({
    format: "demix-measurement",
    version: 1,
    address,
    ...key,
    items: { done, total },
    backend,
    origin,
    at,
    seconds,
    versions,
    scores,
  });
}

const finite = (v: number): number | null => (Number.isFinite(v) ? v : null);
