import { itemTerms } from "../../core/scoring/item-terms";
import type { Item, TaskLayout, TaskSpec } from "../../core/scoring/task";

/** What a model made of an item; null where it is not scored, or where the task has no right and wrong. */
export type ItemVerdict = "right" | "wrong" | null;

/** Whether the task's accuracy-like metric calls an item right or wrong, and not a share of its tokens. */
export const hasVerdicts = ({ outputType }: TaskSpec): boolean => outputType !== "loglikelihood_rolling";

/** Verdict of every item of a task under its accuracy-like metric. */
export function itemVerdicts(task: TaskLayout, scores: Float32Array): ItemVerdict[] {
  if (!hasVerdicts(task.spec)) return Array.from({ length: task.block.items }, () => null);
  const { numerator } = itemTerms(task.spec.accuracyMetric, task, scores);
  return Array.from(numerator, (value) => (Number.isNaN(value) ? null : value >= 0.5 ? "right" : "wrong"));
}

/**
 * Log-likelihood (nats) of what should come out, for every item: of the gold choice, the text, the continuation or the
 * target; NaN where it is not scored or there is none.
 */
export function goldLogLikelihoods(task: TaskLayout, scores: Float32Array): Float64Array {
  const { items, width, offset } = task.block;
  const out = new Float64Array(items).fill(Number.NaN);
  for (let i = 0; i < items; i++) {
    const at = offset + i * width;
    const column = goldColumn(task, i);
    if (!Number.isNaN(scores[at]!) && column >= 0) out[i] = scores[at + column]!;
  }
  return out;
}

function goldColumn({ spec, block, facts }: TaskLayout, item: number): number {
  if (spec.outputType === "multiple_choice") return facts[item]!.gold;
  return spec.outputType === "generate_until" ? block.width - 1 : 0;
}

/** The item's row of item scores. */
export function itemRow({ block }: TaskLayout, item: number, scores: Float32Array): Float32Array {
  const at = block.offset + item * block.width;
  return scores.subarray(at, at + block.width);
}

const squeeze = (text: string): string => text.replace(/\s+/g, " ").trim();

/** The end of an item's prompt, where its question stands, in one line. */
export function itemTitle(item: Item, longest = 150): string {
  const text = squeeze("text" in item ? item.text : promptOf(item));
  if (text.length <= longest) return text || "(no context)";
  return "text" in item ? `${text.slice(0, longest)} …` : `… ${text.slice(-longest)}`;
}

function promptOf(item: Exclude<Item, { readonly text: string }>): string {
  if ("contexts" in item && item.contexts) return item.contexts[0] ?? "";
  return item.context || ("choices" in item && item.choices ? (item.choices[0] ?? "") : "");
}

/** All of an item's texts, lower case, for searching. */
export function itemHaystack(item: Item): string {
  const parts: string[] = [];
  if ("text" in item) parts.push(item.text);
  else parts.push(item.context);
  if ("contexts" in item && item.contexts) parts.push(...item.contexts);
  if ("choices" in item && item.choices) parts.push(...item.choices);
  if ("continuation" in item) parts.push(item.continuation);
  if ("target" in item) parts.push(item.target);
  return parts.join("\n").toLowerCase();
}

/** Share of each log-likelihood in their softmax; NaN where one is missing. */
export function shares(logLikelihoods: readonly number[]): number[] {
  const top = Math.max(...logLikelihoods);
  const weights = logLikelihoods.map((ll) => Math.exp(ll - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}
