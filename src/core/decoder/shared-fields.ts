import { type ConfigFields, notComputed, show, wrong } from "./config-fields";
import type { WeightInput } from "./decoder-model";

export interface AttentionSizes {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly maxLength: number;
}

export interface SizeDefaults {
  /** Width of a head where head_dim is absent; hidden_size / num_attention_heads where this is too. */
  readonly headDim?: number;
  /** Where num_key_value_heads is absent; as many as num_attention_heads where this is too, or where it is null. */
  readonly kvHeads?: number;
  readonly maxLength?: number;
}

/** Reads the sizes that most families name alike. */
export function attentionSizes(fields: ConfigFields, defaults: SizeDefaults): AttentionSizes {
  const hidden = fields.size("hidden_size");
  const layers = fields.size("num_hidden_layers", undefined, 1024);
  const heads = fields.size("num_attention_heads", undefined, 65_536);
  const usual = fields.raw("num_key_value_heads") === null ? heads : (defaults.kvHeads ?? heads);
  const kvHeads = fields.size("num_key_value_heads", usual, 65_536);
  const headDim = fields.size("head_dim", defaults.headDim ?? evenly(hidden, heads), 65_536);
  const vocabulary = fields.size("vocab_size");
  const maxLength = fields.size("max_position_embeddings", defaults.maxLength, 2 ** 31);
  if (heads % kvHeads !== 0)
    wrong(`num_attention_heads (${heads}) is no multiple of num_key_value_heads (${kvHeads}).`);
  if (headDim % 2 !== 0) wrong(`head_dim (${headDim}) is odd.`);
  return { vocabulary, hidden, layers, heads, kvHeads, headDim, maxLength };
}

function evenly(hidden: number, heads: number): number {
  if (hidden % heads !== 0)
    wrong(
      `hidden_size (${hidden}) is no multiple of num_attention_heads (${heads}), and head_dim is missing.`,
    );
  return hidden / heads;
}

/** Reads layer_types; null where it is absent. */
export function readLayerTypes(fields: ConfigFields, layers: number): readonly string[] | null {
  const types = fields.raw("layer_types");
  if (types === undefined || types === null) return null;
  const known = ["full_attention", "sliding_attention"];
  if (!Array.isArray(types) || !types.every((type) => known.includes(type)))
    return notComputed(
      `layer_types is ${show(types)}; only lists of "full_attention" and "sliding_attention" are computed.`,
    );
  if (types.length !== layers)
    return wrong(`layer_types names ${types.length} layers, num_hidden_layers ${layers}.`);
  return types as string[];
}

/**
 * The window of each layer in the way of Qwen: off unless the flag is set, then for the layers from max_window_layers on or
 * those that layer_types names.
 */
export function readWindow(
  fields: ConfigFields,
  layers: number,
  flag: string,
): (layer: number) => number | null {
  const on = fields.flag(flag, false);
  const types = readLayerTypes(fields, layers);
  if (!on) {
    fields.ignore("sliding_window", "max_window_layers");
    if (types?.includes("sliding_attention"))
      notComputed(`layer_types names "sliding_attention", but ${flag} is not set.`);
    return () => null;
  }
  const window = readSlidingWindow(fields, 4096);
  const first = fields.size("max_window_layers", 28, 2 ** 31, 0);
  return (layer) => ((types ? types[layer] === "sliding_attention" : layer >= first) ? window : null);
}

/** sliding_window: null stands for none, absence for `usual`. */
export function readSlidingWindow(fields: ConfigFields, usual: number | null): number | null {
  const value = fields.raw("sliding_window");
  if (value === undefined) return usual;
  return value === null ? null : fields.size("sliding_window", undefined, 2 ** 31);
}

/** Weights with one axis, by name. */
export const vectors = (sizes: Readonly<Record<string, number>>): WeightInput[] =>
  Object.entries(sizes).map(([name, size]) => ({ name, shape: [size] }));

export const gatedMlpWeights = (hidden: number, inner: number, bias = false): WeightInput[] => [
  { name: "mlp.gate_proj.weight", shape: [inner, hidden] },
  { name: "mlp.up_proj.weight", shape: [inner, hidden] },
  { name: "mlp.down_proj.weight", shape: [hidden, inner] },
  ...(bias
    ? vectors({ "mlp.gate_proj.bias": inner, "mlp.up_proj.bias": inner, "mlp.down_proj.bias": hidden })
    : []),
];

/** Weights self_attn.q_proj, k_proj, v_proj and o_proj, and their biases. */
export function projectionWeights(
  { hidden, heads, kvHeads, headDim }: AttentionSizes,
  bias: { readonly qkv: boolean; readonly out: boolean },
): WeightInput[] {
  const [q, kv] = [heads * headDim, kvHeads * headDim];
  return [
    { name: "self_attn.q_proj.weight", shape: [q, hidden] },
    { name: "self_attn.k_proj.weight", shape: [kv, hidden] },
    { name: "self_attn.v_proj.weight", shape: [kv, hidden] },
    { name: "self_attn.o_proj.weight", shape: [hidden, q] },
    ...(bias.qkv
      ? vectors({ "self_attn.q_proj.bias": q, "self_attn.k_proj.bias": kv, "self_attn.v_proj.bias": kv })
      : []),
    ...(bias.out ? vectors({ "self_attn.o_proj.bias": hidden }) : []),
  ];
}
