import { link } from "../scoring/item-terms";
import { lmEvalStderr } from "../scoring/lm-eval-stderr";
import { metricEstimate } from "../scoring/metrics";
import { type ReportedMetric, reportedMetrics, type ScoredTask, scoredItems, termsOf } from "./scored-task";

/** A column's value with lm-eval's standard error; null where lm-eval says "N/A". */
export interface MetricValue extends ReportedMetric {
  readonly value: number;
  readonly stderr: number | null;
}

/** Values and standard errors of all columns over the scored items. */
export function taskMetrics(task: ScoredTask, scores: Float32Array): MetricValue[] {
  const scored = scoredItems(task, scores);
  return reportedMetrics(task.layout.spec).flatMap((metric) => {
    const { metric: id } = metric.use;
    const column = { filter: metric.filter, name: metric.use.name };
    const stderr = lmEvalStderr(id, task.layout, scores, column);
    if (id === "f1" || id === "mcc")
      return [{ ...metric, value: metricEstimate(id, task.layout, scores).value, stderr }];
    const terms = termsOf(task, metric, scores);
    const numerator = Float64Array.from(scored, (i) => terms.numerator[i]!);
    const denominator = Float64Array.from(scored, (i) => terms.denominator[i]!);
    const value = link(id, total(numerator) / total(denominator));
    if (Number.isNaN(value)) return [];
    return [{ ...metric, value, stderr }];
  });
}

const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
