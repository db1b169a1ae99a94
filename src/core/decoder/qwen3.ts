import { attend, attentionShapes, gatedMlp, headsFirst, linear, rmsNorm } from "./blocks";
import type { DecoderGraph, DecoderShape, WeightInput } from "./decoder-shape";
import { OnnxGraph } from "./onnx-graph";
import { targetHead } from "./target-head";

/** Tensors of a Qwen3 checkpoint (names of `Qwen3ForCausalLM`) in graph order. */
export function qwen3Weights(s: DecoderShape): WeightInput[] {
  const q = s.heads * s.headDim;
  const kv = s.kvHeads * s.headDim;
  const layer = (i: number): [string, number[]][] => {
    const at = `model.layers.${i}`;
    const bias: [string, number[]][] = s.attentionBias
      ? [
          [`${at}.self_attn.q_proj.bias`, [q]],
          [`${at}.self_attn.k_proj.bias`, [kv]],
          [`${at}.self_attn.v_proj.bias`, [kv]],
          [`${at}.self_attn.o_proj.bias`, [s.hidden]],
        ]
      : [];
    return [
      [`${at}.input_layernorm.weight`, [s.hidden]],
      [`${at}.self_attn.q_proj.weight`, [q, s.hidden]],
      [`${at}.self_attn.k_proj.weight`, [kv, s.hidden]],
      [`${at}.self_attn.v_proj.weight`, [kv, s.hidden]],
      [`${at}.self_attn.o_proj.weight`, [s.hidden, q]],
      ...bias,
      [`${at}.self_attn.q_norm.weight`, [s.headDim]],
      [`${at}.self_attn.k_norm.weight`, [s.headDim]],
      [`${at}.post_attention_layernorm.weight`, [s.hidden]],
      [`${at}.mlp.gate_proj.weight`, [s.inner, s.hidden]],
      [`${at}.mlp.up_proj.weight`, [s.inner, s.hidden]],
      [`${at}.mlp.down_proj.weight`, [s.hidden, s.inner]],
    ];
  };
  const head: [string, number[]][] = s.tied ? [] : [["lm_head.weight", [s.vocabulary, s.hidden]]];
  return [
    ["model.embed_tokens.weight", [s.vocabulary, s.hidden]] as [string, number[]],
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    ["model.norm.weight", [s.hidden]] as [string, number[]],
    ...head,
  ].map(([name, shape]) => ({ name, shape }));
}

interface Body {
  /** Normed hidden states, [batch · length, hidden]. */
  readonly hidden: string;
  /** Keys and values of each layer including the past ones, [batch, kvHeads, keys, headDim]. */
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** Embedding, blocks and final norm. `past` names the graph inputs with earlier keys and values. */
function body(g: OnnxGraph, s: DecoderShape, past: boolean): Body {
  for (const w of qwen3Weights(s)) g.input(w.name, "float32", w.shape);
  const ids = g.input("ids", "int32", ["batch", "length"]);
  const positions = g.input("positions", "int64", ["batch", "length"]);
  const cos = g.input("rope.cos", "float32", ["rope", s.headDim / 2]);
  const sin = g.input("rope.sin", "float32", ["rope", s.headDim / 2]);
  const mask = g.input("mask", "float32", ["batch", 1, 1, "length", "keys"]);
  const shapes = attentionShapes(g, ids, s);
  const flatIds = g.node("Reshape", [ids, g.ints(-1)]);
  const keys: string[] = [];
  const values: string[] = [];
  let x = g.node("Gather", ["model.embed_tokens.weight", flatIds], { axis: 0 });
  for (let i = 0; i < s.layers; i++) {
    const at = `model.layers.${i}`;
    const projected = (name: string, h: string) =>
      linear(
        g,
        h,
        `${at}.self_attn.${name}_proj.weight`,
        s.attentionBias ? `${at}.self_attn.${name}_proj.bias` : undefined,
      );
    const rotated = (name: "q" | "k", h: string) => {
      const heads = name === "q" ? s.heads : s.kvHeads;
      const split = g.node("Reshape", [projected(name, h), name === "q" ? shapes.q4 : shapes.k4]);
      const normed = rmsNorm(g, split, `${at}.self_attn.${name}_norm.weight`, s.normEps);
      const flat = g.node("Reshape", [normed, name === "q" ? shapes.q3 : shapes.k3]);
      const turned = g.node("RotaryEmbedding", [flat, cos, sin, positions], { num_heads: heads });
      return headsFirst(g, g.node("Reshape", [turned, name === "q" ? shapes.q4 : shapes.k4]));
    };
    const h = rmsNorm(g, x, `${at}.input_layernorm.weight`, s.normEps);
    const q = g.node("Mul", [rotated("q", h), g.float(1 / Math.sqrt(s.headDim))]);
    let k = rotated("k", h);
    let v = headsFirst(g, g.node("Reshape", [projected("v", h), shapes.k4]));
    if (past) {
      const cache = ["batch", s.kvHeads, "past", s.headDim];
      k = g.node("Concat", [g.input(`past.key.${i}`, "float32", cache), k], { axis: 2 });
      v = g.node("Concat", [g.input(`past.value.${i}`, "float32", cache), v], { axis: 2 });
    }
    keys.push(k);
    values.push(v);
    x = g.node("Add", [x, projected("o", attend(g, q, k, v, mask, shapes))]);
    const after = rmsNorm(g, x, `${at}.post_attention_layernorm.weight`, s.normEps);
    const mlp = gatedMlp(g, after, {
      gate: `${at}.mlp.gate_proj.weight`,
      up: `${at}.mlp.up_proj.weight`,
      down: `${at}.mlp.down_proj.weight`,
    });
    x = g.node("Add", [x, mlp]);
  }
  return { hidden: rmsNorm(g, x, "model.norm.weight", s.normEps), keys, values };
}

const headWeight = (s: DecoderShape) => (s.tied ? "model.embed_tokens.weight" : "lm_head.weight");

/**
 * Scoring: ids, positions [batch, length], mask [batch, 1, 1, length, length], rope tables, source [K] (flat row
 * whose next token is asked for), target [K] → logProb [K] (nats) and gap [K] (0 = the target is the argmax).
 * Only the K source rows reach the head, `headChunk` rows of the vocabulary at a time.
 */
export function qwen3ScoringGraph(s: DecoderShape, headChunk = 32_768): DecoderGraph {
  const g = new OnnxGraph();
  const { hidden } = body(g, s, false);
  const source = g.input("source", "int32", ["targets"]);
  const target = g.input("target", "int32", ["targets"]);
  const rows = g.node("Gather", [hidden, source], { axis: 0 });
  const scores = targetHead(g, rows, headWeight(s), target, s.vocabulary, headChunk);
  g.output(scores.logProb, "logProb", "float32", ["targets"]);
  g.output(scores.gap, "gap", "float32", ["targets"]);
  return { bytes: g.encode("qwen3-scoring"), weights: qwen3Weights(s) };
}

/**
 * Generation with a key-value cache: as above, with past.key.i and past.value.i [batch, kvHeads, past, headDim],
 * mask [batch, 1, 1, length, past + length] and source [batch] → logits [batch, vocabulary] and present.key.i,
 * present.value.i.
 */
export function qwen3GenerationGraph(s: DecoderShape): DecoderGraph {
  const g = new OnnxGraph();
  const { hidden, keys, values } = body(g, s, true);
  const source = g.input("source", "int32", ["rows"]);
  const rows = g.node("Gather", [hidden, source], { axis: 0 });
  g.output(linear(g, rows, headWeight(s)), "logits", "float32", ["rows", s.vocabulary]);
  const cache = ["batch", s.kvHeads, "keys", s.headDim];
  for (let i = 0; i < s.layers; i++) {
    g.output(keys[i]!, `present.key.${i}`, "float32", cache);
    g.output(values[i]!, `present.value.${i}`, "float32", cache);
  }
  return { bytes: g.encode("qwen3-generation"), weights: qwen3Weights(s) };
}
