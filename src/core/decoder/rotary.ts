import { type ConfigFields, notComputed, show, wrong } from "./config-fields";
import type { Rotary, RotaryTables } from "./decoder-model";

export interface RotaryOptions {
  readonly headDim: number;
  readonly maxLength: number;
  readonly theta?: number;
}

/** Reads rope_theta, rope_scaling and rope_parameters, in their old and new places. */
export function readRotary(fields: ConfigFields, { headDim, theta: usual = 10_000 }: RotaryOptions): Rotary {
  const scaling = fields.part("rope_scaling");
  const parameters = fields.part("rope_parameters");
  const theta = ropeTheta(fields, parameters, usual);
  fields.only("partial_rotary_factor", 1);
  for (const part of [scaling, parameters]) {
    if (!part) continue;
    for (const name of ["rope_type", "type"]) {
      const type = part.raw(name);
      if (type !== undefined && type !== null && type !== "default")
        notComputed(
          `${part === scaling ? "rope_scaling" : "rope_parameters"} asks for ${show(type)} scaling, which is not computed.`,
        );
    }
    part.only("partial_rotary_factor", 1);
    part.ignore("rope_theta");
    part.finish();
  }
  const frequencies = usualFrequencies(headDim, theta);
  return {
    width: headDim / 2,
    perLength: false,
    key: () => 0,
    tables: (length, rows = length) => tables(frequencies, rows),
  };
}

/** The old place is `rope_theta`, the new one `rope_parameters.rope_theta`; both may stand if they agree. */
function ropeTheta(fields: ConfigFields, parameters: ConfigFields | null, usual: number): number {
  const old = fields.positive("rope_theta", usual);
  if (!parameters?.has("rope_theta")) return old;
  const theta = parameters.positive("rope_theta");
  if (fields.has("rope_theta") && old !== theta)
    wrong(`rope_theta is ${old}, but rope_parameters.rope_theta is ${theta}.`);
  return theta;
}

const { fround } = Math;

/** θ^(−2i/d), rounded to float32 at every step, as transformers computes them. */
function usualFrequencies(dim: number, theta: number): Float32Array {
  return Float32Array.from({ length: dim / 2 }, (_, i) => 1 / fround(theta ** fround((2 * i) / dim)));
}

/** Angles are float32 products, as in transformers: at large positions their rounding counts. */
function tables(frequencies: Float32Array, rows: number, scale = 1): RotaryTables {
  const width = frequencies.length;
  const cos = new Float32Array(rows * width);
  const sin = new Float32Array(rows * width);
  for (let p = 0; p < rows; p++)
    for (let i = 0; i < width; i++) {
      const angle = fround(p * frequencies[i]!);
      cos[p * width + i] = fround(Math.cos(angle)) * scale;
      sin[p * width + i] = fround(Math.sin(angle)) * scale;
    }
  return { rows, width, cos, sin };
}
