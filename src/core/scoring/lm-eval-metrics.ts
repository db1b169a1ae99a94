import { confusionValue } from "./confusion";
import { filtersOf, metricsOf } from "./item-scores";
import { itemTerms } from "./item-terms";
import { metricEstimate } from "./metrics";
import { PythonRandom } from "./python-random";
import type { GroupAggregate, MetricUse, TaskGroup, TaskLayout } from "./task";

/** A metric as lm-eval's results files state it. */
export interface ReportedMetric {
  readonly name: string;
  readonly filter: string;
  readonly value: number;
  /** null: "N/A". */
  readonly stderr: number | null;
}

export interface ReportedTask {
  readonly task: string;
  /** Items scored. */
  readonly items: number;
  readonly metrics: readonly ReportedMetric[];
}

const BOOTSTRAPPED = new Set(["perplexity", "f1", "mcc"]);
const WITHOUT = new Set(["brier_score", "word_perplexity", "byte_perplexity", "bits_per_byte"]);

/**
 * A task's metrics, each under each filter, with lm-eval's standard errors: of means by the sample's deviation, of perplexity, F1
 * and Matthews correlation by its bootstrap, which it seeds itself and which is repeated here draw by draw (`iterations`, its
 * `bootstrap_iters`); none for weighted perplexities, bits per byte and the Brier score.
 */
export function reportedMetrics(task: TaskLayout, scores: Float32Array, iterations = 1000): ReportedTask {
  const metrics = filtersOf(task.spec).flatMap(({ name: filter }) =>
    metricsOf(task.spec).map((use): ReportedMetric => {
      const name = use.name ?? use.metric;
      const column = task.spec.outputType === "generate_until" ? { filter, name: use.name } : undefined;
      const { value } = metricEstimate(use.metric, task, scores, column);
      return { name, filter, value, stderr: stderrOf(use, task, scores, column, iterations) };
    }),
  );
  const { items, width, offset } = task.block;
  let scored = 0;
  for (let i = 0; i < items; i++) if (!Number.isNaN(scores[offset + i * width]!)) scored++;
  return { task: task.spec.id, items: scored, metrics };
}

function stderrOf(
  { metric }: MetricUse,
  task: TaskLayout,
  scores: Float32Array,
  column: { filter: string; name: string | undefined } | undefined,
  iterations: number,
): number | null {
  if (WITHOUT.has(metric) || iterations <= 0) return null;
  if (metric === "f1" || metric === "mcc") {
    const rows = scoredRows(task, scores);
    const of = (drawn: readonly number[]) =>
      confusionValue(
        metric,
        task,
        scores,
        drawn.map((d) => rows[d]!),
      );
    return rows.length > 1 ? bootstrap(rows.length, of, iterations) : null;
  }
  const { numerator, denominator } = itemTerms(metric, task, scores, column);
  const values = [...numerator].filter((v, i) => !Number.isNaN(v) && denominator[i] !== 0);
  if (values.length < 2) return null;
  if (!BOOTSTRAPPED.has(metric)) return deviation(values) / Math.sqrt(values.length);
  return bootstrap(values.length, (drawn) => Math.exp(-mean(drawn.map((d) => values[d]!))), iterations);
}

function scoredRows({ block }: TaskLayout, scores: Float32Array): number[] {
  const rows: number[] = [];
  for (let i = 0; i < block.items; i++)
    if (!Number.isNaN(scores[block.offset + i * block.width]!)) rows.push(i);
  return rows;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}

/** Deviation of a statistic over resamples; every 1000 have a generator of their own, seeded 0, 1, … */
function bootstrap(n: number, of: (drawn: readonly number[]) => number, iterations: number): number | null {
  const chunk = Math.min(1000, iterations);
  const values: number[] = [];
  for (let seed = 0; seed < Math.floor(iterations / chunk); seed++) {
    const random = new PythonRandom(seed);
    for (let i = 0; i < chunk; i++)
      values.push(of(Array.from({ length: n }, () => Math.floor(random.random() * n))));
  }
  return values.length > 1 ? deviation(values) : null;
}

/** A group's metrics over its tasks, as lm-eval aggregates them; those that no task has are left out. */
export function reportedGroup(group: TaskGroup, tasks: readonly ReportedTask[]): ReportedTask {
  const inside = tasks.filter((t) => group.tasks.includes(t.task));
  const metrics = group.aggregates.flatMap((aggregate) => {
    const found = inside.flatMap((t) => t.metrics.filter((m) => m.name === aggregate.metric));
    const filters = aggregate.filters ?? [...new Set(found.map((m) => m.filter))].sort();
    return filters.flatMap((filter) => aggregated(aggregate, filter, inside));
  });
  return { task: group.id, items: inside.reduce((n, t) => n + t.items, 0), metrics };
}

function aggregated(
  { metric: name, weightBySize }: GroupAggregate,
  filter: string,
  tasks: readonly ReportedTask[],
): ReportedMetric[] {
  const parts = tasks.flatMap(({ items, metrics }) =>
    metrics.filter((m) => m.name === name && m.filter === filter).map((m) => ({ ...m, items })),
  );
  if (parts.length === 0) return [];
  const size = parts.reduce((n, p) => n + (weightBySize ? p.items : 1), 0);
  const value = parts.reduce((sum, p) => sum + p.value * (weightBySize ? p.items : 1), 0) / size;
  if (parts.some((p) => p.stderr === null)) return [{ name, filter, value, stderr: null }];
  const stderr = weightBySize
    ? Math.sqrt(
        parts.reduce((sum, p) => sum + (p.items - 1) * p.stderr! ** 2 * p.items, 0) /
          (size - parts.length) /
          size,
      )
    : Math.sqrt(parts.reduce((sum, p) => sum + p.stderr! ** 2, 0)) / parts.length;
  return [{ name, filter, value, stderr }];
}
