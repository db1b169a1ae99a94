import type { ActivationName } from "./activations";
import { gatedMlp, linear, rmsNorm, scaled } from "./blocks";
import type { Blueprint } from "./blueprint";
import type { Rotary } from "./decoder-model";
import type { OnnxGraph } from "./onnx-graph";
import { type AttentionSizes, gatedMlpWeights, projectionWeights, vectors } from "./shared-fields";

/** In what the families around Llama differ. */
export interface GatedDecoder extends AttentionSizes {
  readonly family: string;
  readonly inner: number;
  readonly eps: number;
  readonly activation: ActivationName;
  readonly rotary: Rotary;
  readonly tied: boolean;
  readonly bias: { readonly qkv: boolean; readonly out: boolean; readonly mlp: boolean };
  /** Norms of every query and key head. */
  readonly headNorms?: boolean;
  readonly window?: (layer: number) => number | null;
  /** Whether a layer has rotary embedding; absent: all have. */
  readonly turns?: (layer: number) => boolean;
  /** Factor of attention scores; 1/√headDim where absent. */
  readonly attentionScale?: number;
  /** Factor of what a layer adds to the residual. */
  readonly residualScale?: number;
  readonly embeddingScale?: number;
  readonly logits?: (g: OnnxGraph, logits: string) => string;
}

/** Decoders of Llama's form: norm, attention, norm, gated MLP, each on a residual stream. */
export function gatedDecoder(m: GatedDecoder): Blueprint {
  const { hidden, headDim, eps, bias, residualScale = 1, turns = () => true } = m;
  const embedding = "model.embed_tokens.weight";
  return {
    family: m.family,
    vocabulary: m.vocabulary,
    hidden,
    layers: m.layers,
    maxLength: m.maxLength,
    heads: m.heads,
    kvHeads: m.kvHeads,
    headDim,
    prefix: "model.",
    embedding,
    embeddingScale: m.embeddingScale ?? 1,
    rotary: m.rotary,
    layerPrefix: (i) => `model.layers.${i}.`,
    layerWeights: [
      { name: "input_layernorm.weight", shape: [hidden] },
      ...projectionWeights(m, bias),
      ...(m.headNorms
        ? vectors({ "self_attn.q_norm.weight": headDim, "self_attn.k_norm.weight": headDim })
        : []),
      { name: "post_attention_layernorm.weight", shape: [hidden] },
      ...gatedMlpWeights(hidden, m.inner, bias.mlp),
    ],
    ...(m.window && { window: m.window }),
    kind: (layer) => (turns(layer) ? "rotary" : "plain"),
    block: ({ g, w, attention, goingOn }, x, layer) => {
      const project = (name: string, rows: string, biased: boolean) =>
        linear(
          g,
          rows,
          w(`self_attn.${name}_proj.weight`),
          biased ? w(`self_attn.${name}_proj.bias`) : undefined,
        );
      const norm = (name: string, rows: string) => rmsNorm(g, rows, w(`${name}.weight`), eps);
      const h = norm("input_layernorm", x);
      const [q, k, v] = [project("q", h, bias.qkv), project("k", h, bias.qkv), project("v", h, bias.qkv)];
      const mixed = attention(q, k, v, {
        scale: m.attentionScale ?? 1 / Math.sqrt(headDim),
        rotary: turns(layer),
        ...(m.headNorms && {
          qNorm: (rows: string) => norm("self_attn.q_norm", rows),
          kNorm: (rows: string) => norm("self_attn.k_norm", rows),
        }),
      });
      const y = g.node("Add", [goingOn(x), scaled(g, project("o", mixed, bias.out), residualScale)]);
      const mlp = gatedMlp(g, norm("post_attention_layernorm", y), w, m.activation, bias.mlp);
      return g.node("Add", [y, scaled(g, mlp, residualScale)]);
    },
    finalNorm: {
      weights: vectors({ "model.norm.weight": hidden }),
      apply: (g, x, w) => rmsNorm(g, x, w("model.norm.weight"), eps),
    },
    head: { weight: m.tied ? embedding : "lm_head.weight", ...(m.logits && { logits: m.logits }) },
  };
}
