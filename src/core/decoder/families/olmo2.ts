import { ACTIVATION_NAMES } from "../activations";
import { gatedMlp, linear, rmsNorm } from "../blocks";
import type { Blueprint } from "../blueprint";
import type { ConfigFields } from "../config-fields";
import { readRotary } from "../rotary";
import { attentionSizes, gatedMlpWeights, projectionWeights, vectors } from "../shared-fields";

/** Olmo2ForCausalLM: norms after attention and MLP, and over the whole width of queries and keys. */
export function olmo2(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { maxLength: 2048 });
  const { hidden, heads, kvHeads, headDim } = sizes;
  const inner = fields.size("intermediate_size");
  const eps = fields.positive("rms_norm_eps", 1e-5);
  const activation = fields.oneOf("hidden_act", ACTIVATION_NAMES, "silu");
  const bias = fields.flag("attention_bias", false);
  const embedding = "model.embed_tokens.weight";
  return {
    family: "olmo2",
    ...sizes,
    prefix: "model.",
    embedding,
    rotary: readRotary(fields, sizes),
    layerPrefix: (i) => `model.layers.${i}.`,
    layerWeights: [
      ...projectionWeights(sizes, { qkv: bias, out: bias }),
      ...vectors({
        "self_attn.q_norm.weight": heads * headDim,
        "self_attn.k_norm.weight": kvHeads * headDim,
        "post_attention_layernorm.weight": hidden,
        "post_feedforward_layernorm.weight": hidden,
      }),
      ...gatedMlpWeights(hidden, inner),
    ],
    block: ({ g, w, attention, goingOn }, x) => {
      const project = (name: string, rows: string) =>
        linear(
          g,
          rows,
          w(`self_attn.${name}_proj.weight`),
          bias ? w(`self_attn.${name}_proj.bias`) : undefined,
        );
      const norm = (name: string, rows: string) => rmsNorm(g, rows, w(`${name}.weight`), eps);
      const [q, k] = [norm("self_attn.q_norm", project("q", x)), norm("self_attn.k_norm", project("k", x))];
      const mixed = project("o", attention(q, k, project("v", x), { scale: 1 / Math.sqrt(headDim) }));
      const y = g.node("Add", [goingOn(x), norm("post_attention_layernorm", mixed)]);
      return g.node("Add", [y, norm("post_feedforward_layernorm", gatedMlp(g, y, w, activation))]);
    },
    finalNorm: {
      weights: vectors({ "model.norm.weight": hidden }),
      apply: (g, x, w) => rmsNorm(g, x, w("model.norm.weight"), eps),
    },
    head: { weight: fields.flag("tie_word_embeddings", false) ? embedding : "lm_head.weight" },
  };
}
