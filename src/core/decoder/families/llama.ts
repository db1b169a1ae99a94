import { ACTIVATION_NAMES } from "../activations";
import type { Blueprint } from "../blueprint";
import type { ConfigFields } from "../config-fields";
import { gatedDecoder } from "../gated-decoder";
import { readRotary } from "../rotary";
import { attentionSizes } from "../shared-fields";

/** LlamaForCausalLM (Llama 1 to 3.2, SmolLM 1 and 2, TinyLlama). */
export const llama = (fields: ConfigFields): Blueprint =>
  gatedDecoder({ family: "llama", ...llamaForm(fields) });

/** The fields of Llama's config, for families that add to its form. */
export function llamaForm(fields: ConfigFields) {
  const sizes = attentionSizes(fields, { maxLength: 2048 });
  const bias = fields.flag("attention_bias", false);
  // Slices of the same products: they change no more than rounding.
  fields.ignore("pretraining_tp");
  return {
    ...sizes,
    inner: fields.size("intermediate_size"),
    eps: fields.positive("rms_norm_eps", 1e-6),
    activation: fields.oneOf("hidden_act", ACTIVATION_NAMES, "silu"),
    rotary: readRotary(fields, sizes),
    tied: fields.flag("tie_word_embeddings", false),
    bias: { qkv: bias, out: bias, mlp: fields.flag("mlp_bias", false) },
  };
}
