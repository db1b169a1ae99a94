import { choiceColumns, textScores, widestOf } from "./item-scores";
import type { ItemFacts, MetricId, TaskLayout } from "./task";

/**
 * Every metric is link(Σ numerator / Σ denominator) over the items scored: a mean where the denominators are 1, a ratio
 * (per token, per byte) otherwise. Items not scored have NaN in both. Log-likelihoods are in nats.
 */
export interface ItemTerms {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/** Which value on generated texts: under a filter (the counting one when absent), by its name in results files. */
export interface TextColumn {
  readonly filter?: string | undefined;
  readonly name?: string | undefined;
}

/** From the ratio of sums to the metric's value; monotone. */
export function link(metric: MetricId, ratio: number): number {
  if (metric === "bits_per_byte") return -ratio / Math.LN2;
  if (PERPLEXITY.has(metric)) return Math.exp(-ratio);
  return metric === "byte_prob" || metric === "target_prob" ? Math.exp(ratio) : ratio;
}

/** Derivative of `link` at the ratio. */
export function linkSlope(metric: MetricId, ratio: number): number {
  if (metric === "bits_per_byte") return -1 / Math.LN2;
  if (PERPLEXITY.has(metric)) return -Math.exp(-ratio);
  return metric === "byte_prob" || metric === "target_prob" ? Math.exp(ratio) : 1;
}

const PERPLEXITY: ReadonlySet<MetricId> = new Set(["perplexity", "word_perplexity", "byte_perplexity"]);

/**
 * An item's terms from the row of item scores (`TaskSetLayout.floats` long). f1 and mcc are no ratio of sums: all NaN
 * (`confusionEstimate` has them).
 */
export function itemTerms(
  metric: MetricId,
  task: TaskLayout,
  scores: Float32Array,
  column?: TextColumn,
): ItemTerms {
  const { items, width, offset } = task.block;
  const numerator = new Float64Array(items).fill(Number.NaN);
  const denominator = new Float64Array(items).fill(Number.NaN);
  const read = reader(metric, task, column);
  for (let i = 0; i < items; i++) {
    const at = offset + i * width;
    if (Number.isNaN(scores[at]!)) continue;
    const [value, size] = read(scores.subarray(at, at + width), task.facts[i]!);
    numerator[i] = value;
    denominator[i] = size;
  }
  return { numerator, denominator };
}

type Terms = readonly [numerator: number, denominator: number];
const NOTHING: Terms = [Number.NaN, Number.NaN];
const share = (right: boolean): Terms => [right ? 1 : 0, 1];

/** Reads a metric's terms from an item's floats. */
function reader(
  metric: MetricId,
  { spec, block }: TaskLayout,
  column: TextColumn | undefined,
): (row: Float32Array, facts: ItemFacts) => Terms {
  const chosen = (of: (row: Float32Array, facts: ItemFacts) => number) => (row: Float32Array, f: ItemFacts) =>
    share(isGold(f, of(row, f)));
  /** Where no choice is right the item says nothing about the right one. */
  const known = (of: (row: Float32Array, facts: ItemFacts) => number) => (row: Float32Array, f: ItemFacts) =>
    f.gold < 0 ? ([0, 0] as const) : ([of(row, f), 1] as const);
  switch (metric) {
    case "acc":
      if (spec.outputType === "loglikelihood") return (row) => [row[1]!, 1];
      return chosen((row, f) => bestChoice(row, f.tokens.length, null));
    case "acc_norm":
      return chosen((row, f) => bestChoice(row, f.chars.length, f.chars));
    case "acc_bytes":
      return chosen((row, f) => bestChoice(row, f.bytes.length, f.bytes));
    case "acc_ppl":
      // OpenCompass divides by all tokens of the text, the first one too, which has no loss.
      return chosen((row, f) =>
        bestChoice(
          row,
          f.tokens.length,
          f.tokens.map((n) => n + 1),
        ),
      );
    case "acc_mutual_info": {
      const { unconditional } = choiceColumns(spec, widestOf(spec, block.width));
      if (unconditional === null) return () => NOTHING;
      return chosen((row, f) =>
        bestChoice(
          row.map((value, c) => value - row[unconditional + c]!),
          f.tokens.length,
          null,
        ),
      );
    }
    case "brier_score":
      return known(brier);
    case "gold_prob":
      return known((row, f) => goldsOf(f).reduce((sum, g) => sum + softmaxAt(row, f.tokens.length, g), 0));
    case "gold_ll":
      return known((row, f) => Math.max(...goldsOf(f).map((g) => row[g]!)));
    case "gold_margin":
      return known(margin);
    case "token_acc":
      return (row, f) => [row[1]!, f.tokens[0]!];
    case "bits_per_byte":
    case "byte_prob":
    case "byte_perplexity":
      return (row, f) => [row[0]!, f.bytes[0]!];
    case "word_perplexity":
      return (row, f) => [row[0]!, f.words ?? Number.NaN];
    case "perplexity":
      return (row) => [row[0]!, 1];
    case "target_ll":
    case "target_prob": {
      const at = spec.outputType === "generate_until" ? block.width - 1 : 0;
      return (row, f) => {
        const tokens = metric === "target_ll" ? Math.min(1, f.tokens.length) : (f.tokens[0] ?? 0);
        return tokens === 0 ? [0, 0] : [row[at]!, tokens];
      };
    }
    case "exact_match":
    case "pass@1":
    case "pass@k": {
      const at = spec.outputType === "multiple_choice" ? block.width - 1 : columnOf(spec, metric, column);
      return (row) => [row[at] ?? Number.NaN, 1];
    }
    case "f1":
    case "mcc":
      return () => NOTHING;
  }
}

function columnOf(spec: TaskLayout["spec"], metric: MetricId, column: TextColumn = {}): number {
  const filter = column.filter ?? spec.accuracyFilter;
  return textScores(spec).findIndex(
    (score) =>
      score.use.metric === metric &&
      (filter === undefined || score.filter === filter) &&
      (column.name === undefined || (score.use.name ?? score.use.metric) === column.name),
  );
}

const goldsOf = ({ gold, golds }: ItemFacts): readonly number[] => golds ?? [gold];
const isGold = (facts: ItemFacts, choice: number): boolean => goldsOf(facts).includes(choice);

/** The choice with the largest Σ log p. */
export const chosenOf = (row: Float32Array, facts: ItemFacts): number =>
  bestChoice(row, facts.tokens.length, null);

/** Index of the largest Σ log p (divided by `lengths` when given); the first one wins, as in numpy's argmax. */
function bestChoice(row: Float32Array, choices: number, lengths: readonly number[] | null): number {
  let best = 0;
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < choices; c++) {
    const value = lengths ? row[c]! / lengths[c]! : row[c]!;
    if (value > top) {
      top = value;
      best = c;
    }
  }
  return best;
}

/** Squared distance of the softmax from the right choice's 1. */
function brier(row: Float32Array, facts: ItemFacts): number {
  let sum = 0;
  for (let c = 0; c < facts.tokens.length; c++)
    sum += (softmaxAt(row, facts.tokens.length, c) - (c === facts.gold ? 1 : 0)) ** 2;
  return sum;
}

function softmaxAt(row: Float32Array, choices: number, gold: number): number {
  let sum = 0;
  for (let c = 0; c < choices; c++) sum += Math.exp(row[c]! - row[gold]!);
  return 1 / sum;
}

/** The best right choice's Σ log p minus the best wrong one's. */
function margin(row: Float32Array, facts: ItemFacts): number {
  let gold = Number.NEGATIVE_INFINITY;
  let other = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < facts.tokens.length; c++) {
    if (isGold(facts, c)) gold = Math.max(gold, row[c]!);
    else other = Math.max(other, row[c]!);
  }
  return gold - other;
}
