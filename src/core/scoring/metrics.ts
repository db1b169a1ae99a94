import { confusionEstimate } from "./confusion";
import { noEstimate, studentInterval, wilsonInterval } from "./interval";
import { itemTerms, link, type TextColumn } from "./item-terms";
import type { Estimate } from "./measurement";
import type { MetricId, TaskLayout } from "./task";

export interface MetricInfo {
  readonly label: string;
  /** Unit of the value: "" for a share of 1, "plain" for a number that is no share. */
  readonly unit: "" | "nats" | "bits/byte" | "plain";
  readonly betterIsHigher: boolean;
  readonly range: readonly [low: number, high: number];
  /** What is computed, one sentence. */
  readonly about: string;
}

const share = (label: string, about: string): MetricInfo => ({
  label,
  unit: "",
  betterIsHigher: true,
  range: [0, 1],
  about,
});
const nats = (label: string, high: number, about: string): MetricInfo => ({
  label,
  unit: "nats",
  betterIsHigher: true,
  range: [Number.NEGATIVE_INFINITY, high],
  about,
});

const perplexity = (label: string, about: string): MetricInfo => ({
  label,
  unit: "plain",
  betterIsHigher: false,
  range: [0, Number.POSITIVE_INFINITY],
  about,
});

/** Definitions as in lm-eval where it has the metric (method §5). */
export const METRICS: Readonly<Record<MetricId, MetricInfo>> = {
  acc: share("accuracy", "Share of items whose right choice has the largest log-likelihood."),
  acc_norm: share(
    "accuracy (normalised)",
    "As accuracy, log-likelihoods divided by the choice's characters.",
  ),
  acc_bytes: share(
    "accuracy (by bytes)",
    "As accuracy, log-likelihoods divided by the choice's UTF-8 bytes.",
  ),
  acc_mutual_info: share(
    "accuracy (mutual information)",
    "As accuracy, minus the choice's log-likelihood without context.",
  ),
  acc_ppl: share(
    "accuracy (lowest loss)",
    "Share of items whose right choice has the smallest mean loss over all tokens of prompt and choice (OpenCompass's PPL mode).",
  ),
  brier_score: {
    label: "Brier score",
    unit: "plain",
    betterIsHigher: false,
    range: [0, 2],
    about: "Mean squared distance of the choices' softmax from the right choice.",
  },
  f1: share("F1", "Harmonic mean of precision and recall of choice 1, of two choices."),
  mcc: {
    label: "Matthews correlation",
    unit: "plain",
    betterIsHigher: true,
    range: [-1, 1],
    about: "Correlation of chosen and right choices over all items.",
  },
  gold_prob: share(
    "probability of the right choice",
    "Mean softmax over the choices' log-likelihoods, at the right one.",
  ),
  gold_ll: nats("log-likelihood of the right choice", 0, "Mean log-likelihood of the right choice."),
  gold_margin: nats(
    "margin of the right choice",
    Number.POSITIVE_INFINITY,
    "Mean log-likelihood of the right choice minus that of the best wrong one.",
  ),
  token_acc: share("token accuracy", "Share of all tokens that greedy decoding gets right."),
  bits_per_byte: {
    label: "bits per byte",
    unit: "bits/byte",
    betterIsHigher: false,
    range: [0, Number.POSITIVE_INFINITY],
    about: "Negative log-likelihood in bits over all UTF-8 bytes.",
  },
  byte_prob: share(
    "probability per byte",
    "Geometric mean probability of a byte: 2 to the minus bits per byte.",
  ),
  byte_perplexity: perplexity("perplexity per byte", "Inverse geometric mean probability of a UTF-8 byte."),
  word_perplexity: perplexity(
    "perplexity per word",
    "Inverse geometric mean probability of a word, words being split at white space.",
  ),
  perplexity: perplexity(
    "perplexity",
    "Inverse geometric mean probability of a whole continuation, over the items.",
  ),
  exact_match: share("exact match", "Share of items whose generated answer equals the target."),
  "pass@1": share("pass@1", "Share of generated programs that pass their tests."),
  "pass@k": share(
    "pass@k",
    "Chance that one of k generated programs passes its tests, estimated without bias.",
  ),
  target_prob: share("probability per target token", "Geometric mean probability of a token of the targets."),
  target_ll: nats("log-likelihood of the target", 0, "Mean log-likelihood of the target."),
};

export const betterIsHigher = (metric: MetricId): boolean => METRICS[metric].betterIsHigher;
export const metricRange = (metric: MetricId): readonly [number, number] => METRICS[metric].range;

/** A value in its metric's customary form: shares as percent with one decimal, bits and nats with three and two. */
export function formatMetric(metric: MetricId, value: number): string {
  if (Number.isNaN(value)) return "–";
  const { unit } = METRICS[metric];
  if (unit === "bits/byte" || unit === "plain") return value.toFixed(3).replace("-", "−");
  return unit === "nats" ? value.toFixed(2).replace("-", "−") : `${(value * 100).toFixed(1)} %`;
}

/**
 * The metric over the items scored so far, with a 95 % interval for the population the items stand for (as lm-eval's
 * stderr), Student t with n − 1 degrees of freedom. Ratios have the linearised (delta-method) standard error;
 * shares have Wilson-type bounds; log scales are transformed at the ends. NaN throughout when nothing is scored.
 */
export function metricEstimate(
  metric: MetricId,
  task: TaskLayout,
  scores: Float32Array,
  column?: TextColumn,
): Estimate {
  if (metric === "f1" || metric === "mcc") return confusionEstimate(metric, task, scores);
  const { numerator, denominator } = itemTerms(metric, task, scores, column);
  let sum = 0;
  let size = 0;
  let n = 0;
  for (let i = 0; i < numerator.length; i++) {
    if (Number.isNaN(numerator[i]!)) continue;
    sum += numerator[i]!;
    size += denominator[i]!;
    n++;
  }
  if (n === 0 || size === 0) return noEstimate(n);
  const ratio = sum / size;
  let squares = 0;
  for (let i = 0; i < numerator.length; i++) {
    if (!Number.isNaN(numerator[i]!)) squares += (numerator[i]! - ratio * denominator[i]!) ** 2;
  }
  const se = n > 1 ? Math.sqrt((n / (n - 1)) * squares) / size : Number.NaN;
  const linear = link(metric, 0) === 0 && link(metric, 1) === 1;
  if (linear && METRICS[metric].unit === "") return wilsonInterval(ratio, se, n);
  const plain = studentInterval(ratio, se, n);
  const ends = [link(metric, plain.low), link(metric, plain.high)].sort((a, b) => a - b);
  const [low, high] = METRICS[metric].range;
  const value = link(metric, ratio);
  return { value, low: Math.max(low, ends[0]!), high: Math.min(high, ends[1]!), n };
}
