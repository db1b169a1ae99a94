import { ACTIVATION_NAMES } from "../activations";
import type { Blueprint } from "../blueprint";
import type { ConfigFields } from "../config-fields";
import { gatedDecoder } from "../gated-decoder";
import { readRotary } from "../rotary";
import { attentionSizes, readWindow } from "../shared-fields";

/** Qwen2ForCausalLM (Qwen2, Qwen2.5): Llama's form with biases of queries, keys and values. */
export function qwen2(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { kvHeads: 32, maxLength: 32_768 });
  return gatedDecoder({
    family: "qwen2",
    ...sizes,
    inner: fields.size("intermediate_size"),
    eps: fields.positive("rms_norm_eps", 1e-6),
    activation: fields.oneOf("hidden_act", ACTIVATION_NAMES, "silu"),
    rotary: readRotary(fields, sizes),
    tied: fields.flag("tie_word_embeddings", false),
    bias: { qkv: true, out: false, mlp: false },
    window: readWindow(fields, sizes.layers, "use_sliding_window"),
  });
}
