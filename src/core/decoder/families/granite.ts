import { ACTIVATION_NAMES } from "../activations";
import type { Blueprint } from "../blueprint";
import type { ConfigFields } from "../config-fields";
import { gatedDecoder } from "../gated-decoder";
import { readRotary } from "../rotary";
import { attentionSizes } from "../shared-fields";

/** GraniteForCausalLM: Llama's form with factors for embedding, attention, residual stream and logits. */
export function granite(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { maxLength: 2048 });
  const bias = fields.flag("attention_bias", false);
  const divisor = fields.positive("logits_scaling", 1);
  fields.ignore("pretraining_tp");
  return gatedDecoder({
    family: "granite",
    ...sizes,
    inner: fields.size("intermediate_size"),
    eps: fields.positive("rms_norm_eps", 1e-6),
    activation: fields.oneOf("hidden_act", ACTIVATION_NAMES, "silu"),
    rotary: readRotary(fields, sizes),
    tied: fields.flag("tie_word_embeddings", false),
    bias: { qkv: bias, out: bias, mlp: fields.flag("mlp_bias", false) },
    embeddingScale: fields.positive("embedding_multiplier", 1),
    attentionScale: fields.positive("attention_multiplier", 1),
    residualScale: fields.positive("residual_multiplier", 1),
    logits: (g, x) => (divisor === 1 ? x : g.node("Div", [x, g.float(divisor)])),
  });
}
