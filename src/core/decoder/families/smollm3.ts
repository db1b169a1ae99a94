import { ACTIVATION_NAMES } from "../activations";
import type { Blueprint } from "../blueprint";
import { type ConfigFields, notComputed, show, wrong } from "../config-fields";
import { gatedDecoder } from "../gated-decoder";
import { readRotary } from "../rotary";
import { attentionSizes, readLayerTypes, readSlidingWindow } from "../shared-fields";

/** SmolLM3ForCausalLM: Llama's form, some layers of which have no rotary embedding. */
export function smollm3(fields: ConfigFields): Blueprint {
  const sizes = attentionSizes(fields, { kvHeads: 4, maxLength: 32_768 });
  const bias = fields.flag("attention_bias", false);
  const turns = readTurns(fields, sizes.layers);
  fields.ignore("max_window_layers", "pretraining_tp");
  return gatedDecoder({
    family: "smollm3",
    ...sizes,
    inner: fields.size("intermediate_size"),
    eps: fields.positive("rms_norm_eps", 1e-6),
    activation: fields.oneOf("hidden_act", ACTIVATION_NAMES, "silu"),
    rotary: readRotary(fields, { ...sizes, theta: 2_000_000 }),
    tied: fields.flag("tie_word_embeddings", true),
    bias: { qkv: bias, out: bias, mlp: fields.flag("mlp_bias", false) },
    turns,
    window: readWindows(fields, sizes.layers, turns),
  });
}

/** no_rope_layers holds 1 for layers *with* rotary embedding. */
function readTurns(fields: ConfigFields, layers: number): (layer: number) => boolean {
  const interval = fields.size("no_rope_layer_interval", 4, 2 ** 31);
  const list = fields.raw("no_rope_layers");
  if (list === undefined || list === null) return (layer) => (layer + 1) % interval !== 0;
  if (!Array.isArray(list) || list.length !== layers || !list.every((v) => v === 0 || v === 1))
    return wrong(`no_rope_layers is ${show(list)}, no list of 0 and 1 for ${layers} layers.`);
  return (layer) => list[layer] === 1;
}

/** Where there is a window, layers without rotary embedding have it, unless layer_types says otherwise. */
function readWindows(
  fields: ConfigFields,
  layers: number,
  turns: (layer: number) => boolean,
): (layer: number) => number | null {
  const window = readSlidingWindow(fields, null);
  const on = fields.flag("use_sliding_window", false);
  const types = readLayerTypes(fields, layers);
  if (types?.includes("sliding_attention") && (!on || window === null))
    notComputed(
      'layer_types names "sliding_attention", but use_sliding_window or sliding_window is not set.',
    );
  if (!on) return () => null;
  return (layer) => ((types ? types[layer] === "sliding_attention" : !turns(layer)) ? window : null);
}
