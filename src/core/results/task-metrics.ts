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
    const terms = termsOf(task, metric, scores);
    const numerator = Float64Array.from(scored, (i) => terms.numerator[i]!);
    const denominator = Float64Array.from(scored, (i) => terms.denominator[i]!);
    const value = link(id, total(numerator) / total(denominator));
    if (Number.isNaN(value)) return [];
    if (scored.length < 2 || NO_ERROR.has(id)) return [{ ...metric, value, stderr: null }];
    const isMean = link(id, 2) === 2 && denominator.every((size) => size === 1);
    const stderr = isMean
      ? meanError(numerator)
      : bootstrapError(numerator, denominator, (ratio) => link(id, ratio));
    return [{ ...metric, value, stderr }];
  });
}

/** lm-eval's mean_stderr: standard deviation with n − 1, over √n. */
function meanError(values: Float64Array): number {
  const n = values.length;
  const mean = total(values) / n;
  const spread = values.reduce((a, b) => a + (b - mean) ** 2, 0);
  return Math.sqrt(spread / (n - 1) / n);
}

const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
