import { linear } from "./blocks";
import type { Blueprint } from "./blueprint";
import type { OnnxGraph } from "./onnx-graph";

export interface TargetScores {
  /** log p of each target, [K]. */
  readonly logProb: string;
  /** Logit of the target − largest logit, [K]: 0 exactly when greedy decoding gives the target. */
  readonly gap: string;
}

/** Weight [rows, hidden] and bias [rows] of a head, and what it does to logits. */
interface Head {
  readonly weight: string;
  readonly bias?: string | undefined;
  readonly logits?: Blueprint["head"]["logits"] | undefined;
}

/**
 * Log-probability of `targets` [K] after `hidden` [K, hidden] through the model's head [vocabulary, hidden]. `chunk` rows of
 * the vocabulary are held at a time, so that K × vocabulary logits never exist at once.
 */
export function targetHead(
  g: OnnxGraph,
  hidden: string,
  { head, vocabulary }: Pick<Blueprint, "head" | "vocabulary">,
  targets: string,
  chunk: number,
): TargetScores {
  const column = g.node("Unsqueeze", [targets, g.ints(1)]);
  const parts: { max: string; logits: string; target: string }[] = [];
  for (let from = 0; from < vocabulary; from += chunk) {
    const to = Math.min(from + chunk, vocabulary);
    const whole = from === 0 && to === vocabulary;
    const rows = (x: string) => (whole ? x : g.node("Slice", [x, g.ints(from), g.ints(to), g.ints(0)]));
    const logits = headLogits(g, hidden, {
      weight: rows(head.weight),
      bias: head.bias === undefined ? undefined : rows(head.bias),
      logits: head.logits,
    });
    const max = g.node("ReduceMax", [logits, g.ints(1)], { keepdims: 1 });
    const target = whole
      ? g.node("GatherElements", [logits, column], { axis: 1 })
      : insideChunk(g, logits, column, from, to - from);
    parts.push({ max, logits, target });
  }
  const max = parts.map((p) => p.max).reduce((a, b) => g.node("Max", [a, b]));
  const target = parts.map((p) => p.target).reduce((a, b) => g.node("Add", [a, b]));
  const sum = parts.map((p) => sumExp(g, p.logits, max)).reduce((a, b) => g.node("Add", [a, b]));
  const gap = g.node("Sub", [target, max]);
  const logProb = g.node("Sub", [gap, g.node("Log", [sum])]);
  const flat = (x: string) => g.node("Squeeze", [x, g.ints(1)]);
  return { logProb: flat(logProb), gap: flat(gap) };
}

/** One chunk of a head by itself; `local` [K] are rows of the chunk. All [K], but for logits [K, rows]. */
export function chunkHead(
  g: OnnxGraph,
  hidden: string,
  head: Head,
  local: string,
): { readonly logits: string; readonly max: string; readonly sum: string; readonly target: string } {
  const logits = headLogits(g, hidden, head);
  const max = g.node("ReduceMax", [logits, g.ints(1)], { keepdims: 1 });
  const column = g.node("Unsqueeze", [local, g.ints(1)]);
  const target = g.node("GatherElements", [logits, column], { axis: 1 });
  const flat = (x: string) => g.node("Squeeze", [x, g.ints(1)]);
  return { logits, max: flat(max), sum: flat(sumExp(g, logits, max)), target: flat(target) };
}

function headLogits(g: OnnxGraph, hidden: string, { weight, bias, logits }: Head): string {
  const plain = linear(g, hidden, weight, bias);
  return logits?.(g, plain) ?? plain;
}

/** Σ exp(logit − max), [K, 1]. */
const sumExp = (g: OnnxGraph, logits: string, max: string): string =>
  g.node("ReduceSum", [g.node("Exp", [g.node("Sub", [logits, max])]), g.ints(1)], { keepdims: 1 });

/** The target's logit where it lies in [from, from + size), else 0. */
function insideChunk(g: OnnxGraph, logits: string, column: string, from: number, size: number): string {
  const local = g.node("Sub", [column, g.int32(from)]);
  const clipped = g.node("Min", [g.node("Max", [local, g.int32(0)]), g.int32(size - 1)]);
  const inside = g.node("Cast", [g.node("Equal", [local, clipped])], { to: 1 });
  return g.node("Mul", [g.node("GatherElements", [logits, clipped], { axis: 1 }), inside]);
}
