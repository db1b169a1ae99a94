import { type ConfigFields, notComputed, show, wrong } from "./config-fields";
import type { Rotary, RotaryTables } from "./decoder-model";
import { type Frequencies, scaledFrequencies } from "./rope-scaling";

export interface RotaryOptions {
  readonly headDim: number;
  readonly maxLength: number;
  /** θ where the config names none. */
  readonly theta?: number;
  /** What this family calls rope_theta. */
  readonly thetaField?: string;
  /** Share of a head that is turned, where the config names none; absent: this family turns whole heads only. */
  readonly partial?: number;
  /** What this family calls partial_rotary_factor. */
  readonly partialField?: string;
  /** original_max_position_embeddings where it is absent, for families that have it beside max_position_embeddings. */
  readonly original?: number;
  /** Names of scaling in old configs of this family. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Kinds of scaling that the family takes; absent: all. */
  readonly kinds?: readonly string[];
}

/** Reads the angles of rotary embedding: rope_theta, rope_scaling and rope_parameters, in their old and new places. */
export function readRotary(fields: ConfigFields, options: RotaryOptions): Rotary {
  const { headDim, maxLength, thetaField = "rope_theta", partialField = "partial_rotary_factor" } = options;
  const name = fields.has("rope_scaling") ? "rope_scaling" : "rope_parameters";
  if (name === "rope_scaling" && fields.has("rope_parameters"))
    wrong("rope_scaling and rope_parameters are both set.");
  const part = fields.part(name);
  const theta = agreed(fields, thetaField, part, `${name}.rope_theta`, "rope_theta", options.theta ?? 10_000);
  const whole = options.partial === undefined;
  const share = agreed(
    fields,
    partialField,
    part,
    `${name}.partial_rotary_factor`,
    "partial_rotary_factor",
    options.partial ?? 1,
  );
  if (whole && share !== 1) notComputed(`${partialField} is ${share}; only 1 is computed.`);
  const dim = Math.trunc(headDim * share);
  if (dim % 2 !== 0 || dim < 2 || dim > headDim)
    notComputed(`${partialField} is ${share}, which turns ${dim} of ${headDim} numbers of a head.`);
  const outside = fields.has("original_max_position_embeddings")
    ? fields.size("original_max_position_embeddings", undefined, 2 ** 31)
    : options.original;
  const kind = scalingKind(part, name, options);
  const model = { dim, theta, maxLength, original: outside };
  const frequencies = scaledFrequencies(kind, part, name, model);
  part?.finish();
  return rotaryOf(frequencies);
}

function scalingKind(
  part: ConfigFields | null,
  name: string,
  { aliases = {}, kinds }: RotaryOptions,
): string {
  const type = part?.raw("rope_type") ?? part?.raw("type") ?? "default";
  part?.ignore("type");
  const kind = typeof type === "string" && Object.hasOwn(aliases, type) ? aliases[type] : type;
  if (typeof kind !== "string" || (kinds && !kinds.includes(kind)))
    return notComputed(`${name} asks for ${show(type)} scaling, which is not computed.`);
  return kind;
}

/** A number that may stand at two places, if they agree. */
function agreed(
  fields: ConfigFields,
  outer: string,
  part: ConfigFields | null,
  place: string,
  inner: string,
  usual: number,
): number {
  const outside = fields.has(outer) ? fields.positive(outer) : undefined;
  const inside = part?.has(inner) ? part.positive(inner) : undefined;
  if (outside !== undefined && inside !== undefined && outside !== inside)
    wrong(`${outer} is ${outside}, but ${place} is ${inside}.`);
  return inside ?? outside ?? usual;
}

function rotaryOf({ width, scale, perLength, key, of }: Frequencies): Rotary {
  return {
    width,
    perLength,
    key,
    tables: (length, rows = length) => tables(of(length), Math.max(rows, length), scale),
  };
}

/** Angles are float32 products, as in transformers: at large positions their rounding counts. */
function tables(frequencies: Float32Array, rows: number, scale: number): RotaryTables {
  const width = frequencies.length;
  const cos = new Float32Array(rows * width);
  const sin = new Float32Array(rows * width);
  for (let p = 0; p < rows; p++)
    for (let i = 0; i < width; i++) {
      const angle = Math.fround(p * frequencies[i]!);
      cos[p * width + i] = Math.fround(Math.cos(angle)) * scale;
      sin[p * width + i] = Math.fround(Math.sin(angle)) * scale;
    }
  return { rows, width, cos, sin };
}
