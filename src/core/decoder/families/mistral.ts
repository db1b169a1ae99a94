import { ACTIVATION_NAMES } from "../activations";
import type { Blueprint } from "../blueprint";
import { type ConfigFields, notComputed } from "../config-fields";
import { gatedDecoder } from "../gated-decoder";
import { readRotary } from "../rotary";
import { attentionSizes, readLayerTypes, readSlidingWindow } from "../shared-fields";

/** MistralForCausalLM: Llama's form with one window for all layers. */
export function mistral(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { kvHeads: 8, maxLength: 131_072 });
  const window = readSlidingWindow(fields, 4096);
  const usual = window === null ? "full_attention" : "sliding_attention";
  if (readLayerTypes(fields, sizes.layers)?.some((type) => type !== usual))
    notComputed(`layer_types names other layers than "${usual}", which sliding_window says.`);
  return gatedDecoder({
    family: "mistral",
    ...sizes,
    inner: fields.size("intermediate_size"),
    eps: fields.positive("rms_norm_eps", 1e-6),
    activation: fields.oneOf("hidden_act", ACTIVATION_NAMES, "silu"),
    rotary: readRotary(fields, sizes),
    tied: fields.flag("tie_word_embeddings", false),
    bias: { qkv: false, out: false, mlp: false },
    window: () => window,
  });
}
