import { ACTIVATION_NAMES, activate } from "../activations";
import { columns, linear, rmsNorm } from "../blocks";
import type { Blueprint } from "../blueprint";
import type { ConfigFields } from "../config-fields";
import { readRotary } from "../rotary";
import { attentionSizes, readSlidingWindow, vectors } from "../shared-fields";

/** Phi3ForCausalLM (Phi-3, Phi-3.5, Phi-4): projections in one matrix, partial rotary embedding. */
export function phi3(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { maxLength: 4096 });
  const { hidden, heads, kvHeads, headDim } = sizes;
  const inner = fields.size("intermediate_size");
  const eps = fields.positive("rms_norm_eps", 1e-5);
  const activation = fields.oneOf("hidden_act", ACTIVATION_NAMES, "silu");
  const window = readSlidingWindow(fields, null);
  for (const name of ["interpolate_factor", "full_attn_mod"]) fields.only(name, 1);
  const [q, kv] = [heads * headDim, kvHeads * headDim];
  const embedding = "model.embed_tokens.weight";
  return {
    family: "phi3",
    ...sizes,
    prefix: "model.",
    embedding,
    rotary: readRotary(fields, {
      ...sizes,
      partial: 1,
      original: 4096,
      aliases: { su: "longrope", yarn: "longrope" },
      kinds: ["default", "longrope"],
    }),
    layerPrefix: (i) => `model.layers.${i}.`,
    layerWeights: [
      { name: "input_layernorm.weight", shape: [hidden] },
      { name: "self_attn.qkv_proj.weight", shape: [q + 2 * kv, hidden] },
      { name: "self_attn.o_proj.weight", shape: [hidden, q] },
      { name: "post_attention_layernorm.weight", shape: [hidden] },
      { name: "mlp.gate_up_proj.weight", shape: [2 * inner, hidden] },
      { name: "mlp.down_proj.weight", shape: [hidden, inner] },
    ],
    window: () => window,
    block: ({ g, w, attention, goingOn }, x) => {
      const h = rmsNorm(g, x, w("input_layernorm.weight"), eps);
      const qkv = linear(g, h, w("self_attn.qkv_proj.weight"));
      const mixed = attention(
        columns(g, qkv, 0, q),
        columns(g, qkv, q, q + kv),
        columns(g, qkv, q + kv, q + 2 * kv),
        { scale: 1 / Math.sqrt(headDim) },
      );
      const y = g.node("Add", [goingOn(x), linear(g, mixed, w("self_attn.o_proj.weight"))]);
      const after = rmsNorm(g, y, w("post_attention_layernorm.weight"), eps);
      const both = linear(g, after, w("mlp.gate_up_proj.weight"));
      const gate = activate(g, activation, columns(g, both, 0, inner));
      const product = g.node("Mul", [gate, columns(g, both, inner, 2 * inner)]);
      return g.node("Add", [y, linear(g, product, w("mlp.down_proj.weight"))]);
    },
    finalNorm: {
      weights: vectors({ "model.norm.weight": hidden }),
      apply: (g, x, w) => rmsNorm(g, x, w("model.norm.weight"), eps),
    },
    head: { weight: fields.flag("tie_word_embeddings", false) ? embedding : "lm_head.weight" },
  };
}
