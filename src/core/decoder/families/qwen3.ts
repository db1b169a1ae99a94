import { ACTIVATION_NAMES } from "../activations";
import type { Blueprint } from "../blueprint";
import type { ConfigFields } from "../config-fields";
import { gatedDecoder } from "../gated-decoder";
import { readRotary } from "../rotary";
import { attentionSizes, readWindow } from "../shared-fields";

/** Qwen3ForCausalLM: Llama's form with norms of every query and key head. */
export function qwen3(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { headDim: 128, kvHeads: 32, maxLength: 32_768 });
  const bias = fields.flag("attention_bias", false);
  return gatedDecoder({
    family: "qwen3",
    ...sizes,
    inner: fields.size("intermediate_size"),
    eps: fields.positive("rms_norm_eps", 1e-6),
    activation: fields.oneOf("hidden_act", ACTIVATION_NAMES, "silu"),
    rotary: readRotary(fields, sizes),
    tied: fields.flag("tie_word_embeddings", false),
    bias: { qkv: bias, out: bias, mlp: false },
    headNorms: true,
    window: readWindow(fields, sizes.layers, "use_sliding_window"),
  });
}
