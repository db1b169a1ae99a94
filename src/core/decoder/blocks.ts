import type { OnnxGraph } from "./onnx-graph";

/**
 * Parts that decoder families share. Hidden states are rows [N, hidden] with N = batch · length, so that every linear
 * layer is one Gemm with the checkpoint's own [out, in] weight.
 */

/** x [N, in] · weightᵀ (+ bias) → [N, out]. */
export function linear(g: OnnxGraph, x: string, weight: string, bias?: string): string {
  return g.node("Gemm", bias ? [x, weight, bias] : [x, weight], { transB: 1 });
}

/** Root-mean-square norm over the last axis. */
export function rmsNorm(g: OnnxGraph, x: string, weight: string, eps: number): string {
  return g.node("RMSNormalization", [x, weight], { axis: -1, epsilon: { float: eps } });
}

/** down(silu(gate(x)) · up(x)). */
export function gatedMlp(g: OnnxGraph, x: string, w: { gate: string; up: string; down: string }): string {
  const gate = linear(g, x, w.gate);
  const silu = g.node("Mul", [gate, g.node("Sigmoid", [gate])]);
  return linear(g, g.node("Mul", [silu, linear(g, x, w.up)]), w.down);
}

/** The shapes that attention reshapes to, built once a graph from the ids' [batch, length]. */
export interface AttentionShapes {
  /** [batch, length, heads, headDim] */
  readonly q4: string;
  /** [batch, length, heads · headDim] */
  readonly q3: string;
  readonly k4: string;
  readonly k3: string;
  /** [batch, kvHeads, groups · length, headDim]: all query heads of one key-value head as rows. */
  readonly grouped: string;
  /** [batch, kvHeads, groups, length, keys] and back. */
  readonly masked: string;
  readonly unmasked: string;
  readonly heads4: string;
  /** [batch · length, heads · headDim] */
  readonly rows: string;
}

export interface AttentionSizes {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** `ids` is [batch, length]; `length` its second size as int64 [1]. */
export function attentionShapes(g: OnnxGraph, ids: string, s: AttentionSizes): AttentionShapes {
  const shape = g.node("Shape", [ids]);
  const batch = g.node("Shape", [ids], { start: 0, end: 1 });
  const length = g.node("Shape", [ids], { start: 1, end: 2 });
  const groups = s.heads / s.kvHeads;
  const of = (...parts: string[]) => g.node("Concat", parts, { axis: 0 });
  const groupRows = g.node("Mul", [length, g.ints(groups)]);
  return {
    q4: of(shape, g.ints(s.heads, s.headDim)),
    q3: of(shape, g.ints(s.heads * s.headDim)),
    k4: of(shape, g.ints(s.kvHeads, s.headDim)),
    k3: of(shape, g.ints(s.kvHeads * s.headDim)),
    grouped: of(batch, g.ints(s.kvHeads), groupRows, g.ints(s.headDim)),
    masked: of(batch, g.ints(s.kvHeads, groups), length, g.ints(-1)),
    unmasked: of(batch, g.ints(s.kvHeads), groupRows, g.ints(-1)),
    heads4: of(batch, g.ints(s.heads), length, g.ints(s.headDim)),
    rows: g.ints(-1, s.heads * s.headDim),
  };
}

/** Reorders [batch, length, h, d] to [batch, h, length, d]. */
export const headsFirst = (g: OnnxGraph, x: string): string =>
  g.node("Transpose", [x], { perm: [0, 2, 1, 3] });

/**
 * Softmax attention by hand. q [batch, heads, length, d], already scaled; k, v [batch, kvHeads, keys, d];
 * mask [batch, 1, 1, length, keys], 0 or a large negative number → [batch · length, heads · d].
 */
export function attend(
  g: OnnxGraph,
  q: string,
  k: string,
  v: string,
  mask: string,
  shapes: AttentionShapes,
): string {
  const grouped = g.node("Reshape", [q, shapes.grouped]);
  const scores = g.node("MatMul", [grouped, g.node("Transpose", [k], { perm: [0, 1, 3, 2] })]);
  const masked = g.node("Add", [g.node("Reshape", [scores, shapes.masked]), mask]);
  const weights = g.node("Reshape", [g.node("Softmax", [masked], { axis: -1 }), shapes.unmasked]);
  const mixed = g.node("Reshape", [g.node("MatMul", [weights, v]), shapes.heads4]);
  return g.node("Reshape", [headsFirst(g, mixed), shapes.rows]);
}
