import type { MetricId, TaskLayout } from "./task";

/**
 * Every metric is link(Σ numerator / Σ denominator) over the items scored: a mean where the denominators are 1, a ratio
 * (per token, per byte) otherwise. Items not scored have NaN in both. Log-likelihoods are in nats.
 */
export interface ItemTerms {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/** From the ratio of sums to the metric's value; monotone. */
export function link(metric: MetricId, ratio: number): number {
  if (metric === "bits_per_byte") return -ratio / Math.LN2;
  return metric === "byte_prob" || metric === "target_prob" ? Math.exp(ratio) : ratio;
}

/** Derivative of `link` at the ratio. */
export function linkSlope(metric: MetricId, ratio: number): number {
  if (metric === "bits_per_byte") return -1 / Math.LN2;
  return metric === "byte_prob" || metric === "target_prob" ? Math.exp(ratio) : 1;
}

/** An item's terms from the row of item scores (`TaskSetLayout.floats` long). */
export function itemTerms(metric: MetricId, task: TaskLayout, scores: Float32Array): ItemTerms {
  const { items, width, offset } = task.block;
  const numerator = new Float64Array(items).fill(Number.NaN);
  const denominator = new Float64Array(items).fill(Number.NaN);
  for (let i = 0; i < items; i++) {
    const at = offset + i * width;
    if (Number.isNaN(scores[at]!)) continue;
    const facts = task.facts[i]!;
    denominator[i] = 1;
    switch (metric) {
      case "acc":
        numerator[i] = bestChoice(scores, at, facts.tokens.length, null) === facts.gold ? 1 : 0;
        break;
      case "acc_norm":
        numerator[i] = bestChoice(scores, at, facts.chars.length, facts.chars) === facts.gold ? 1 : 0;
        break;
      case "gold_prob":
        numerator[i] = softmaxAt(scores, at, facts.tokens.length, facts.gold);
        break;
      case "gold_ll":
        numerator[i] = scores[at + facts.gold]!;
        break;
      case "gold_margin":
        numerator[i] = margin(scores, at, facts.tokens.length, facts.gold);
        break;
      case "token_acc":
        numerator[i] = scores[at + 1]!;
        denominator[i] = facts.tokens[0]!;
        break;
      case "bits_per_byte":
      case "byte_prob":
        numerator[i] = scores[at]!;
        denominator[i] = facts.bytes[0]!;
        break;
      case "exact_match":
        numerator[i] = scores[at]!;
        break;
      case "target_ll":
        numerator[i] = scores[at + 1]!;
        break;
      case "target_prob":
        numerator[i] = scores[at + 1]!;
        denominator[i] = facts.tokens[0]!;
        break;
    }
  }
  return { numerator, denominator };
}

/** Index of the largest Σ log p (divided by `lengths` when given); the first one wins, as in numpy's argmax. */
function bestChoice(
  scores: Float32Array,
  at: number,
  choices: number,
  lengths: readonly number[] | null,
): number {
  let best = 0;
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < choices; c++) {
    const value = lengths ? scores[at + c]! / lengths[c]! : scores[at + c]!;
    if (value > top) {
      top = value;
      best = c;
    }
  }
  return best;
}

function softmaxAt(scores: Float32Array, at: number, choices: number, gold: number): number {
  let sum = 0;
  for (let c = 0; c < choices; c++) sum += Math.exp(scores[at + c]! - scores[at + gold]!);
  return 1 / sum;
}

function margin(scores: Float32Array, at: number, choices: number, gold: number): number {
  let other = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < choices; c++) if (c !== gold) other = Math.max(other, scores[at + c]!);
  return scores[at + gold]! - other;
}
