import { linear } from "./blocks";
import type { OnnxGraph } from "./onnx-graph";

export interface TargetScores {
  /** log p of each target, [K]. */
  readonly logProb: string;
  /** Logit of the target − largest logit, [K]: 0 exactly when greedy decoding gives the target. */
  readonly gap: string;
}

/**
 * Log-probability of `targets` [K] after `hidden` [K, hidden] through the head `weight` [vocabulary, hidden].
 * `chunk` rows of the vocabulary are held at a time, so that K × vocabulary logits never exist at once.
 */
export function targetHead(
  g: OnnxGraph,
  hidden: string,
  weight: string,
  targets: string,
  vocabulary: number,
  chunk: number,
): TargetScores {
  const column = g.node("Unsqueeze", [targets, g.ints(1)]);
  const parts: { max: string; logits: string; target: string }[] = [];
  for (let from = 0; from < vocabulary; from += chunk) {
    const to = Math.min(from + chunk, vocabulary);
    const whole = from === 0 && to === vocabulary;
    const rows = whole ? weight : g.node("Slice", [weight, g.ints(from), g.ints(to), g.ints(0)]);
    const logits = linear(g, hidden, rows);
    const max = g.node("ReduceMax", [logits, g.ints(1)], { keepdims: 1 });
    const target = whole
      ? g.node("GatherElements", [logits, column], { axis: 1 })
      : insideChunk(g, logits, column, from, to - from);
    parts.push({ max, logits, target });
  }
  const max = parts.map((p) => p.max).reduce((a, b) => g.node("Max", [a, b]));
  const target = parts.map((p) => p.target).reduce((a, b) => g.node("Add", [a, b]));
  const sum = parts
    .map((p) =>
      g.node("ReduceSum", [g.node("Exp", [g.node("Sub", [p.logits, max])]), g.ints(1)], { keepdims: 1 }),
    )
    .reduce((a, b) => g.node("Add", [a, b]));
  const gap = g.node("Sub", [target, max]);
  const logProb = g.node("Sub", [gap, g.node("Log", [sum])]);
  const flat = (x: string) => g.node("Squeeze", [x, g.ints(1)]);
  return { logProb: flat(logProb), gap: flat(gap) };
}

/** The target's logit where it lies in [from, from + size), else 0. */
function insideChunk(g: OnnxGraph, logits: string, column: string, from: number, size: number): string {
  const local = g.node("Sub", [column, g.int32(from)]);
  const clipped = g.node("Min", [g.node("Max", [local, g.int32(0)]), g.int32(size - 1)]);
  const inside = g.node("Cast", [g.node("Equal", [local, clipped])], { to: 1 });
  return g.node("Mul", [g.node("GatherElements", [logits, clipped], { axis: 1 }), inside]);
}
