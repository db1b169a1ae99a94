import { type ActivationName, activate } from "./activations";
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

/** gpt2's linear layer: x [N, in] · weight [in, out] + bias. */
export function conv1d(g: OnnxGraph, x: string, weight: string, bias: string): string {
  return g.node("Gemm", [x, weight, bias]);
}

/** Standard norm over the last axis, with weight and bias. */
export function layerNorm(g: OnnxGraph, x: string, weight: string, bias: string, eps: number): string {
  return g.node("LayerNormalization", [x, weight, bias], { axis: -1, epsilon: { float: eps } });
}

/** Columns from … to of rows [N, …]. */
export function columns(g: OnnxGraph, x: string, from: number, to: number): string {
  return g.node("Slice", [x, g.ints(from), g.ints(to), g.ints(-1)]);
}

export const scaled = (g: OnnxGraph, x: string, factor: number): string =>
  factor === 1 ? x : g.node("Mul", [x, g.float(factor)]);

/** down(act(gate(x)) · up(x)) with the layer's weights mlp.gate_proj, mlp.up_proj and mlp.down_proj. */
export function gatedMlp(
  g: OnnxGraph,
  x: string,
  w: (name: string) => string,
  activation: ActivationName = "silu",
  bias = false,
): string {
  const project = (name: string, rows: string) =>
    linear(g, rows, w(`mlp.${name}_proj.weight`), bias ? w(`mlp.${name}_proj.bias`) : undefined);
  const gate = activate(g, activation, project("gate", x));
  return project("down", g.node("Mul", [gate, project("up", x)]));
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

/** Keys and values, [batch, kvHeads, keys, d] or, shared by all rows, [1, kvHeads, keys, d]. */
export interface KeyValues {
  readonly keys: string;
  readonly values: string;
  readonly shared?: boolean;
}

/**
 * Keys as columns. onnxruntime would fuse a transpose of shared keys into the product and do it again for every row, which
 * takes four times as long; it looks no further than the node before the product.
 */
function keyColumns(g: OnnxGraph, { keys, shared }: KeyValues): string {
  const turned = g.node("Transpose", [keys], { perm: [0, 1, 3, 2] });
  return shared ? g.node("Max", [turned, g.float(LOWEST)]) : turned;
}

/** Below every key, so that the larger of both is the key. */
const LOWEST = -3e38;

/**
 * Softmax attention by hand. q [batch, heads, length, d], already scaled; `parts` follow one another along the keys;
 * mask [batch, 1, 1, length, keys], 0 or a large negative number → [batch · length, heads · d]. With `softcap` scores
 * become softcap · tanh(score / softcap) before the mask.
 */
export function attend(
  g: OnnxGraph,
  q: string,
  parts: readonly KeyValues[],
  mask: string,
  shapes: AttentionShapes,
  softcap?: number,
): string {
  const grouped = g.node("Reshape", [q, shapes.grouped]);
  const products = parts.map((part) => g.node("MatMul", [grouped, keyColumns(g, part)]));
  const all = products.length === 1 ? products[0]! : g.node("Concat", products, { axis: 3 });
  const scores = g.node("Reshape", [softcap ? capped(g, all, softcap) : all, shapes.masked]);
  const softmax = g.node("Softmax", [g.node("Add", [scores, mask])], { axis: -1 });
  const weights = g.node("Reshape", [softmax, shapes.unmasked]);
  const mixed = g.node("Reshape", [mix(g, weights, parts), shapes.heads4]);
  return g.node("Reshape", [headsFirst(g, mixed), shapes.rows]);
}

/** cap · tanh(x / cap). */
export function capped(g: OnnxGraph, x: string, cap: number): string {
  return g.node("Mul", [g.node("Tanh", [g.node("Div", [x, g.float(cap)])]), g.float(cap)]);
}

/** Σ weight · value over one or two parts of the keys. */
function mix(g: OnnxGraph, weights: string, parts: readonly KeyValues[]): string {
  const [first, second] = parts;
  if (!second) return g.node("MatMul", [weights, first!.values]);
  const at = g.node("Shape", [first!.values], { start: 2, end: 3 });
  const [before, own] = [
    g.node("Slice", [weights, g.ints(0), at, g.ints(3)]),
    g.node("Slice", [weights, at, g.ints(2 ** 31 - 1), g.ints(3)]),
  ];
  return g.node("Add", [g.node("MatMul", [before, first!.values]), g.node("MatMul", [own, second.values])]);
}
