import type { MetricId, TaskSpec } from "../../core/scoring/task";

/** Metrics that are shares of 1, so that a domain's mean over them means something. */
const ACCURACY: Readonly<Record<TaskSpec["outputType"], readonly MetricId[]>> = {
  multiple_choice: ["acc", "acc_norm", "acc_bytes"],
  loglikelihood: ["acc"],
  loglikelihood_rolling: ["token_acc"],
  generate_until: ["exact_match", "pass@1"],
};
const CONTINUOUS: Readonly<Record<TaskSpec["outputType"], readonly MetricId[]>> = {
  multiple_choice: ["gold_prob"],
  loglikelihood: ["target_prob"],
  loglikelihood_rolling: ["byte_prob"],
  generate_until: ["target_prob"],
};

function choices(own: MetricId, spec: TaskSpec, all: readonly MetricId[]): readonly MetricId[] {
  const listed = spec.metrics?.map((use) => use.metric);
  // Generated answers have a column a metric: only what the task lists was computed.
  const computed = spec.outputType === "generate_until" ? all.filter((m) => listed?.includes(m)) : all;
  return [...new Set([own, ...computed])];
}

/** What may count as a task's accuracy; its own metric first. */
export const accuracyChoices = (spec: TaskSpec): readonly MetricId[] =>
  spec.mode === "opencompass-ppl"
    ? [spec.accuracyMetric]
    : choices(spec.accuracyMetric, spec, ACCURACY[spec.outputType]);

export const continuousChoices = (spec: TaskSpec): readonly MetricId[] =>
  choices(spec.continuousMetric, spec, CONTINUOUS[spec.outputType]);
