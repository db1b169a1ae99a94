import { link } from "../scoring/item-terms";
import { metricEstimate } from "../scoring/metrics";
import type { MetricId } from "../scoring/task";
import { bootstrapError } from "./bootstrap-error";
import { type ReportedMetric, reportedMetrics, type ScoredTask, scoredItems, termsOf } from "./scored-task";

/** A column's value with lm-eval's standard error; null where lm-eval says "N/A". */
export interface MetricValue extends ReportedMetric {
  readonly value: number;
  readonly stderr: number | null;
}

/** lm-eval has no standard error of ratios of sums. */
const NO_ERROR: ReadonlySet<MetricId> = new Set([
  "word_perplexity",
  "byte_perplexity",
  "bits_per_byte",
  "brier_score",
]);

/** Values and standard errors of all columns over the scored items. */
export function taskMetrics(task: ScoredTask, scores: Float32Array): MetricValue[] {
  const scored = scoredItems(task, scores);
  return reportedMetrics(task.layout.spec).flatMap((metric) => {
    const { metric: id } = metric.use;
    if (id === "f1" || id === "mcc") {
      const { value, high } = metricEstimate(id, task.layout, scores);
      return [{ ...metric, value, stderr: Number.isNaN(high) ? null : (high - value) / 1.96 }];
    }
    const { numerator, denominator } = termsOf(task, metric, scores);
    const ratio = (items: Iterable<number>) => {
      let [sum, size] = [0, 0];
      for (const i of items) {
        sum += numerator[i]!;
        size += denominator[i]!;
      }
      return link(id, sum / size);
    };
    const value = ratio(scored);
    if (Number.isNaN(value)) return [];
    const n = scored.length;
    if (n < 2 || NO_ERROR.has(id)) return [{ ...metric, value, stderr: null }];
    const means = scored.every((i) => denominator[i] === 1) && link(id, 2) === 2;
    if (means) return [{ ...metric, value, stderr: meanError(scored.map((i) => numerator[i]!)) }];
    const drawn = (items: Int32Array) => ratio(Array.from(items, (k) => scored[k]!));
    return [{ ...metric, value, stderr: bootstrapError(n, drawn) }];
  });
}

/** lm-eval's mean_stderr: standard deviation with n − 1, over √n. */
function meanError(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const spread = values.reduce((a, b) => a + (b - mean) ** 2, 0);
  return Math.sqrt(spread / (n - 1) / n);
}
