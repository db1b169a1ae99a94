import type { ItemDetail } from "../scoring/item-outcome";
import { filtersOf, metricsOf } from "../scoring/item-scores";
import { itemTerms } from "../scoring/item-terms";
import { METRICS } from "../scoring/metrics";
import type { Item, MetricUse, TaskLayout, TaskSpec } from "../scoring/task";

/** A task with what was measured of it. */
export interface ScoredTask {
  readonly layout: TaskLayout;
  readonly items: readonly Item[];
  /** What the model said of each item, by its index; null where that was not kept. */
  readonly details: readonly (ItemDetail | null)[];
  /** Items of the whole task, where only the first ones were scored. */
  readonly original: number;
}

/** A metric under a filter: a column of a results file. */
export interface ReportedMetric {
  readonly use: MetricUse;
  readonly name: string;
  readonly filter: string;
  readonly higherIsBetter: boolean;
}

/** The continuous scores of choice tasks stand beside lm-eval's metrics, whatever the task asks for. */
const CONTINUOUS = ["gold_ll", "gold_margin", "gold_prob"] as const;

/** All columns of the task, filter by filter, in the order of its metrics. */
export function reportedMetrics(spec: TaskSpec): ReportedMetric[] {
  const uses = [...metricsOf(spec)];
  const add = (metric: MetricUse["metric"]) => {
    if (!uses.some((use) => use.metric === metric)) uses.push({ metric });
  };
  if (spec.outputType === "multiple_choice") for (const metric of CONTINUOUS) add(metric);
  else add(spec.continuousMetric);
  const filters = spec.outputType === "generate_until" ? filtersOf(spec).map((f) => f.name) : ["none"];
  return filters.flatMap((filter, f) =>
    uses
      .filter((use) => f === 0 || ON_TEXT.has(use.metric))
      .map((use) => ({
        use,
        name: nameOf(use),
        filter,
        higherIsBetter: use.higherIsBetter ?? METRICS[use.metric].betterIsHigher,
      })),
  );
}

/** Metrics on filtered texts; others stand under the first filter alone. */
const ON_TEXT: ReadonlySet<string> = new Set(["exact_match", "pass@1", "pass@k"]);

/** Commas part metric and filter in results files. */
const nameOf = ({ metric, name }: MetricUse): string => (name ?? metric).replaceAll(",", "_");

/** Indices of the items that are scored. */
export function scoredItems({ layout: { block } }: ScoredTask, scores: Float32Array): number[] {
  return Array.from({ length: block.items }, (_, i) => i).filter(
    (i) => !Number.isNaN(scores[block.offset + i * block.width]!),
  );
}

/** The item's floats. */
export const floatsOf = ({ layout: { block } }: ScoredTask, scores: Float32Array, item: number) =>
  scores.subarray(block.offset + item * block.width, block.offset + (item + 1) * block.width);

/** The metric's terms of every item; see itemTerms. */
export const termsOf = (
  { layout }: ScoredTask,
  { use, filter, name }: ReportedMetric,
  scores: Float32Array,
) => itemTerms(use.metric, layout, scores, { filter, ...(use.name !== undefined && { name }) });
