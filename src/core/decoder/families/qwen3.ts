import { gatedMlp, linear, rmsNorm } from "../blocks";
import type { Blueprint } from "../blueprint";
import type { ConfigFields } from "../config-fields";
import { readRotary } from "../rotary";
import { attentionSizes, gatedMlpWeights, readWindow, vectors } from "../shared-fields";

/** Qwen3 (`Qwen3ForCausalLM`): norms of every query and key head, gated MLP. */
export function qwen3(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { headDim: 128, kvHeads: 32, maxLength: 32_768 });
  const { hidden, layers, heads, kvHeads, headDim } = sizes;
  const inner = fields.size("intermediate_size");
  const eps = fields.positive("rms_norm_eps", 1e-6);
  fields.oneOf("hidden_act", ["silu"], "silu");
  const rotary = readRotary(fields, sizes);
  const tied = fields.flag("tie_word_embeddings", false);
  const bias = fields.flag("attention_bias", false);
  const window = readWindow(fields, layers, "use_sliding_window");
  const [q, kv] = [heads * headDim, kvHeads * headDim];
  const embedding = "model.embed_tokens.weight";
  return {
    family: "qwen3",
    ...sizes,
    embedding,
    rotary,
    layerPrefix: (i) => `model.layers.${i}.`,
    layerWeights: [
      { name: "input_layernorm.weight", shape: [hidden] },
      { name: "self_attn.q_proj.weight", shape: [q, hidden] },
      { name: "self_attn.k_proj.weight", shape: [kv, hidden] },
      { name: "self_attn.v_proj.weight", shape: [kv, hidden] },
      { name: "self_attn.o_proj.weight", shape: [hidden, q] },
      ...(bias
        ? vectors({
            "self_attn.q_proj.bias": q,
            "self_attn.k_proj.bias": kv,
            "self_attn.v_proj.bias": kv,
            "self_attn.o_proj.bias": hidden,
          })
        : []),
      { name: "self_attn.q_norm.weight", shape: [headDim] },
      { name: "self_attn.k_norm.weight", shape: [headDim] },
      { name: "post_attention_layernorm.weight", shape: [hidden] },
      ...gatedMlpWeights(hidden, inner),
    ],
    window,
    block: ({ g, w, attention }, x) => {
      const project = (name: string, rows: string) =>
        linear(
          g,
          rows,
          w(`self_attn.${name}_proj.weight`),
          bias ? w(`self_attn.${name}_proj.bias`) : undefined,
        );
      const h = rmsNorm(g, x, w("input_layernorm.weight"), eps);
      const mixed = attention(project("q", h), project("k", h), project("v", h), {
        scale: 1 / Math.sqrt(headDim),
        qNorm: (rows) => rmsNorm(g, rows, w("self_attn.q_norm.weight"), eps),
        kNorm: (rows) => rmsNorm(g, rows, w("self_attn.k_norm.weight"), eps),
      });
      const y = g.node("Add", [x, project("o", mixed)]);
      const after = rmsNorm(g, y, w("post_attention_layernorm.weight"), eps);
      return g.node("Add", [y, gatedMlp(g, after, w)]);
    },
    finalNorm: {
      weights: vectors({ "model.norm.weight": hidden }),
      apply: (g, x) => rmsNorm(g, x, "model.norm.weight", eps),
    },
    head: { weight: tied ? embedding : "lm_head.weight" },
  };
}
