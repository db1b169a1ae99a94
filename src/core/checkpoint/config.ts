import { fail, ok, type Result } from "../result";
import { shorten } from "./quote";

/** What the decoder needs of a Qwen3 config.json; every field changes the computation, except maxPositions. */
export interface Qwen3Config {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediateSize: number;
  readonly vocabSize: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  readonly tieWordEmbeddings: boolean;
  /** Longest sequence the model was made for, in tokens. */
  readonly maxPositions: number;
}

type Fields = Readonly<Record<string, unknown>>;

class Unsupported extends Error {}

const FIX = "Correct config.json.";
const OTHER = "It can be merged and written, but not scored here, where plain Qwen3 alone is computed.";

/**
 * Reads a parsed config.json. A value that the decoder cannot honour is refused by its field's name; a missing
 * optional field takes the default of transformers' Qwen3Config.
 */
export function parseQwen3Config(json: unknown, file: string): Result<Qwen3Config> {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return fail("bad-file", "its JSON is no object.", { file, remedy: FIX });
  const fields = json as Fields;
  const unsupported = refusal(fields);
  if (unsupported) return fail("bad-file", unsupported, { file, remedy: OTHER });
  try {
    const config: Qwen3Config = {
      hiddenSize: size(fields, "hidden_size"),
      layers: size(fields, "num_hidden_layers", undefined, 1024),
      heads: size(fields, "num_attention_heads", undefined, 65536),
      kvHeads: size(fields, "num_key_value_heads", undefined, 65536),
      headDim: size(fields, "head_dim", 128, 65536),
      intermediateSize: size(fields, "intermediate_size"),
      vocabSize: size(fields, "vocab_size"),
      rmsNormEps: positive(fields, "rms_norm_eps", 1e-6),
      ropeTheta: ropeTheta(fields),
      tieWordEmbeddings: flag(fields, "tie_word_embeddings", false),
      maxPositions: size(fields, "max_position_embeddings", 32768, 2 ** 31),
    };
    if (config.heads % config.kvHeads !== 0)
      throw new Unsupported(
        `num_attention_heads (${config.heads}) is no multiple of num_key_value_heads (${config.kvHeads}).`,
      );
    if (config.headDim % 2 !== 0) throw new Unsupported(`head_dim (${config.headDim}) is odd.`);
    return ok(config);
  } catch (error) {
    if (error instanceof Unsupported) return fail("bad-file", error.message, { file, remedy: FIX });
    throw error;
  }
}

const given = (value: unknown) => value !== undefined && value !== null;

/** Why this is no plain Qwen3, or null. */
function refusal(fields: Fields): string | null {
  const { model_type: type, architectures, hidden_act: act, layer_types: layerTypes } = fields;
  if (type !== "qwen3") return `model_type is ${show(type)}, not "qwen3".`;
  if (given(architectures) && !(Array.isArray(architectures) && architectures.includes("Qwen3ForCausalLM")))
    return `architectures is ${show(architectures)}, not ["Qwen3ForCausalLM"].`;
  if (given(act) && act !== "silu") return `hidden_act is ${show(act)}; only "silu" is computed.`;
  if (given(fields.attention_bias) && fields.attention_bias !== false)
    return `attention_bias is ${show(fields.attention_bias)}; attention with bias is not computed.`;
  if (given(fields.use_sliding_window) && fields.use_sliding_window !== false)
    return `use_sliding_window is ${show(fields.use_sliding_window)}; sliding-window attention is not computed.`;
  if (given(layerTypes) && !(Array.isArray(layerTypes) && layerTypes.every((t) => t === "full_attention")))
    return 'layer_types names other layers than "full_attention".';
  if (given(fields.quantization_config))
    return "quantization_config is set; quantized weights cannot be merged.";
  const factor = fields.partial_rotary_factor;
  if (given(factor) && factor !== 1) return `partial_rotary_factor is ${show(factor)}; only 1 is computed.`;
  for (const name of ["rope_scaling", "rope_parameters"]) {
    const problem = ropeRefusal(fields[name], name);
    if (problem) return problem;
  }
  return null;
}

function ropeRefusal(rope: unknown, name: string): string | null {
  if (!given(rope)) return null;
  if (typeof rope !== "object" || Array.isArray(rope)) return `${name} is ${show(rope)}, no object.`;
  const { rope_type: newType, type: oldType, ...others } = rope as Fields;
  for (const type of [newType, oldType])
    if (given(type) && type !== "default")
      return `${name} asks for ${show(type)} scaling, which is not computed.`;
  const { partial_rotary_factor: factor, ...rest } = others;
  if (given(factor) && factor !== 1)
    return `${name}.partial_rotary_factor is ${show(factor)}; only 1 is computed.`;
  const unknown = Object.keys(rest).find((key) => key !== "rope_theta" && given(rest[key]));
  return unknown === undefined ? null : `${name}.${shorten(unknown)} is set, which is not computed.`;
}

/** The old place is `rope_theta`, the new one `rope_parameters.rope_theta`; both may stand if they agree. */
function ropeTheta(fields: Fields): number {
  const nested = (fields.rope_parameters ?? {}) as Fields;
  if (!given(nested.rope_theta)) return positive(fields, "rope_theta", 10_000);
  const theta = positive(nested, "rope_theta", 10_000);
  if (given(fields.rope_theta) && fields.rope_theta !== theta)
    throw new Unsupported(
      `rope_theta is ${show(fields.rope_theta)}, but rope_parameters.rope_theta is ${theta}.`,
    );
  return theta;
}

function size(fields: Fields, name: string, otherwise?: number, most = 2 ** 24): number {
  const value = fields[name] ?? otherwise;
  if (value === undefined) throw new Unsupported(`${name} is missing.`);
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Unsupported(`${name} is ${show(value)}, no whole number from 1 to ${most}.`);
}

function positive(fields: Fields, name: string, otherwise: number): number {
  const value = fields[name] ?? otherwise;
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new Unsupported(`${name} is ${show(value)}, no positive number.`);
}

function flag(fields: Fields, name: string, otherwise: boolean): boolean {
  const value = fields[name] ?? otherwise;
  if (typeof value === "boolean") return value;
  throw new Unsupported(`${name} is ${show(value)}, neither true nor false.`);
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  return shorten(JSON.stringify(value) ?? String(value));
}
