import { canonicalJson } from "../canonical";
import { HARMLESS_FIELDS as HARMLESS } from "./harmless-fields";
import type { PlainObject } from "./sharded";
import { shorten } from "./strict-json";

/** Compared by themselves: through the tensors' shapes (rows of padding may differ), and with a warning. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "vocab_size",
  "max_position_embeddings",
  "quantization_config",
]);

/** What a field means where it is absent: the default of transformers' config classes. */
const DEFAULTS: PlainObject = {
  pretraining_tp: 1,
  partial_rotary_factor: 1,
  rope_theta: 10_000,
};
const GATED = { hidden_act: "silu", tie_word_embeddings: false, rms_norm_eps: 1e-6 };
const DEFAULTS_BY_TYPE: Readonly<Record<string, PlainObject>> = {
  qwen3: { ...GATED, head_dim: 128, num_key_value_heads: 32 },
  qwen2: { ...GATED, num_key_value_heads: 32 },
  llama: GATED,
  mistral: { ...GATED, num_key_value_heads: 8, sliding_window: 4096 },
  olmo2: { ...GATED, rms_norm_eps: 1e-5 },
  smollm3: { ...GATED, num_key_value_heads: 4, rope_theta: 2_000_000, tie_word_embeddings: true },
  phi3: { ...GATED, rms_norm_eps: 1e-5, original_max_position_embeddings: 4096 },
  granite: {
    ...GATED,
    attention_multiplier: 1,
    embedding_multiplier: 1,
    logits_scaling: 1,
    residual_multiplier: 1,
  },
  gemma2: {
    ...GATED,
    head_dim: 256,
    num_key_value_heads: 4,
    tie_word_embeddings: true,
    hidden_activation: "gelu_pytorch_tanh",
    query_pre_attn_scalar: 256,
    sliding_window: 4096,
    attn_logit_softcapping: 50,
    final_logit_softcapping: 30,
  },
  gpt2: {
    tie_word_embeddings: true,
    activation_function: "gelu_new",
    layer_norm_epsilon: 1e-5,
    scale_attn_weights: true,
    n_embd: 768,
    n_head: 12,
    n_layer: 12,
  },
  gpt_neox: {
    tie_word_embeddings: false,
    hidden_act: "gelu",
    layer_norm_eps: 1e-5,
    partial_rotary_factor: 0.25,
    use_parallel_residual: true,
    attention_bias: true,
  },
};

/** Fields in which null is no absence where an absent one has a value: it says that there is none. */
const NULL_IS_NONE: ReadonlySet<string> = new Set([
  "sliding_window",
  "attn_logit_softcapping",
  "final_logit_softcapping",
]);

/** What an absent tie_word_embeddings means for a model_type; null where that is not known. */
export function tiesByDefault({ model_type: type }: PlainObject): boolean | null {
  const means =
    typeof type === "string" && Object.hasOwn(DEFAULTS_BY_TYPE, type) ? DEFAULTS_BY_TYPE[type] : {};
  return typeof means?.tie_word_embeddings === "boolean" ? means.tie_word_embeddings : null;
}

export interface ConfigDifference {
  readonly field: string;
  /** As text for a message, "absent" where the field is. */
  readonly base: string;
  readonly own: string;
}

/**
 * The first field, in the base's order, in which two parsed config.json differ although it may change the computation; null
 * where there is none. Spellings of different versions of transformers are equal: a default stands for an absent field,
 * `rope_parameters` for `rope_theta` and `rope_scaling`.
 */
export function configDifference(base: PlainObject, own: PlainObject): ConfigDifference | null {
  const [a, b] = [normalised(base), normalised(own)];
  for (const field of new Set([...a.keys(), ...b.keys()])) {
    if (field === "architectures" && !(a.has(field) && b.has(field))) continue;
    const [x, y] = [meaning(a, field, base), meaning(b, field, own)];
    if (canonicalJson(x) !== canonicalJson(y))
      return {
        field,
        base: show(a.get(field) ?? ownField(base, field)),
        own: show(b.get(field) ?? ownField(own, field)),
      };
  }
  return null;
}

const isPlain = (value: unknown): value is PlainObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether the rotary embedding depends on max_position_embeddings, which is else only a limit. */
export const scalesPositions = (config: PlainObject): boolean => normalised(config).has("rope_scaling");

function normalised(config: PlainObject): ReadonlyMap<string, unknown> {
  const { rope_parameters: rope, rope_scaling: scaling, ...others } = config;
  const fields = new Map<string, unknown>();
  for (const [name, value] of Object.entries(others))
    if (!HARMLESS.has(name) && !ELSEWHERE.has(name))
      fields.set(newName(name, config), withoutHarmless(value));
  if (isPlain(rope) && !Object.values(rope).some(isPlain)) {
    const { rope_theta: theta, partial_rotary_factor: share, ...rest } = rope;
    if (theta !== undefined && theta !== null) fields.set("rope_theta", theta);
    if (share !== undefined && share !== null) fields.set("partial_rotary_factor", share);
    setScaling(fields, rest);
  } else if (rope !== undefined && rope !== null) fields.set("rope_parameters", rope);
  if (scaling !== undefined && scaling !== null) setScaling(fields, scaling);
  if (config.use_sliding_window === false)
    for (const name of ["sliding_window", "max_window_layers"]) fields.delete(name);
  const { layer_types: types, architectures } = config;
  if (Array.isArray(architectures)) fields.set("architectures", [...architectures].sort());
  const means = defaultsOf(config);
  const plain = Array.isArray(types) && types.every((type) => type === "full_attention");
  if (plain && !Object.hasOwn(means, "layer_types")) fields.delete("layer_types");
  // Where an absent field means a value of its own, false and {} do not mean the same.
  for (const [name, value] of Object.entries(config))
    if (value === null && NULL_IS_NONE.has(name) && Object.hasOwn(means, name)) fields.set(name, "none");
  for (const [name, value] of fields)
    if (value === null || value === undefined || (isNothing(value) && !Object.hasOwn(means, name)))
      fields.delete(name);
  return fields;
}

/** GPT-NeoX had names of its own for what every family says in rope_parameters now. */
function newName(name: string, { model_type: type }: PlainObject): string {
  if (type !== "gpt_neox") return name;
  return name === "rotary_emb_base" ? "rope_theta" : name === "rotary_pct" ? "partial_rotary_factor" : name;
}

/** `type` is the old spelling of `rope_type`; type "default" is none. */
function setScaling(fields: Map<string, unknown>, scaling: unknown): void {
  if (!isPlain(scaling)) return void fields.set("rope_scaling", scaling);
  const { type, rope_type: kind = type, ...rest } = scaling;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => !isNothing(value)));
  const named = kind === undefined || kind === null || kind === "default" ? {} : { rope_type: kind };
  fields.set("rope_scaling", { ...named, ...given });
}

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** Configs of parts ("text_config") have the same harmless fields. */
function withoutHarmless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHarmless);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, part]) => !HARMLESS.has(name) && !isNothing(part))
      .map(([name, part]) => [name, withoutHarmless(part)]),
  );
}

function meaning(fields: ReadonlyMap<string, unknown>, field: string, config: PlainObject): unknown {
  if (fields.has(field)) return fields.get(field);
  const means = defaultsOf(config);
  return Object.hasOwn(means, field) ? means[field] : null;
}

/** What absent fields mean in this config. */
function defaultsOf(config: PlainObject): PlainObject {
  const { model_type: type, num_attention_heads: heads, hidden_size: width } = config;
  return {
    ...DEFAULTS,
    num_key_value_heads: heads ?? null,
    head_dim: headDim(heads, width),
    ...(typeof type === "string" && Object.hasOwn(DEFAULTS_BY_TYPE, type) ? DEFAULTS_BY_TYPE[type] : {}),
    ...layerDefaults(config),
  };
}

/** Lists that newer versions of transformers write out, one entry a layer. */
function layerDefaults(config: PlainObject): PlainObject {
  const { model_type: type, num_hidden_layers: layers, no_rope_layer_interval: interval } = config;
  if (typeof layers !== "number" || !(layers >= 1 && layers <= 1024)) return {};
  const each = (value: (layer: number) => unknown) => Array.from({ length: layers }, (_, i) => value(i));
  if (type === "gemma2")
    return { layer_types: each((i) => (i % 2 === 0 ? "sliding_attention" : "full_attention")) };
  if (type !== "smollm3") return {};
  const every = typeof interval === "number" ? interval : 4;
  return { no_rope_layer_interval: 4, no_rope_layers: each((i) => ((i + 1) % every === 0 ? 0 : 1)) };
}

function headDim(heads: unknown, width: unknown): number | null {
  const size = typeof heads === "number" && typeof width === "number" ? width / heads : Number.NaN;
  return Number.isFinite(size) ? size : null;
}

/** Not what every object has, such as `toString`. */
const ownField = (config: PlainObject, field: string): unknown =>
  Object.hasOwn(config, field) ? config[field] : undefined;

function show(value: unknown): string {
  return value === undefined || value === null ? "absent" : shorten(JSON.stringify(value) ?? String(value));
}
