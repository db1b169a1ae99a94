import { type ConfigFields, notComputed, show } from "./config-fields";

/** The angles per position of a head's pairs, and how they depend on the sequence's length. */
export interface Frequencies {
  readonly width: number;
  /** Factor of cos and sin. */
  readonly scale: number;
  readonly perLength: boolean;
  key(length: number): number;
  /** For sequences of `length` tokens. */
  of(length: number): Float32Array;
}

export interface RopeModel {
  /** Numbers of a head that are turned. */
  readonly dim: number;
  readonly theta: number;
  /** max_position_embeddings. */
  readonly maxLength: number;
  /** original_max_position_embeddings beside it, where given: it counts before the one in `part`. */
  readonly original: number | undefined;
}

const { fround } = Math;

/** Frequencies by the kind of scaling (`rope_type` of transformers), whose own fields stand in `part`. */
export function scaledFrequencies(
  kind: string,
  part: ConfigFields | null,
  name: string,
  model: RopeModel,
): Frequencies {
  if (kind === "default") return fixed(usualFrequencies(model.dim, model.theta));
  const scaling = part && Object.hasOwn(SCALINGS, kind) ? SCALINGS[kind] : undefined;
  if (!part || !scaling) return notComputed(`${name} asks for ${show(kind)} scaling, which is not computed.`);
  return scaling(part, model);
}

const SCALINGS: Readonly<Record<string, (part: ConfigFields, model: RopeModel) => Frequencies>> = {
  linear,
  dynamic,
  llama3,
  yarn,
  longrope,
};

const fixed = (frequencies: Float32Array, scale = 1): Frequencies => ({
  width: frequencies.length,
  scale,
  perLength: false,
  key: () => 0,
  of: () => frequencies,
});

/** θ^(2i/d) rounded to float32, as transformers computes it. */
const powers = (dim: number, theta: number): Float32Array =>
  Float32Array.from({ length: dim / 2 }, (_, i) => theta ** fround((2 * i) / dim));

const usualFrequencies = (dim: number, theta: number): Float32Array => powers(dim, theta).map((p) => 1 / p);

function linear(part: ConfigFields, { dim, theta }: RopeModel): Frequencies {
  const factor = part.positive("factor");
  return fixed(usualFrequencies(dim, theta).map((f) => f / factor));
}

/** NTK-aware: beyond max_position_embeddings θ grows with the sequence. */
function dynamic(part: ConfigFields, { dim, theta, maxLength }: RopeModel): Frequencies {
  const factor = part.positive("factor");
  if (dim < 4) notComputed("dynamic scaling of heads with fewer than 4 turned numbers is not computed.");
  const usual = usualFrequencies(dim, theta);
  const grown = (length: number) =>
    usualFrequencies(
      dim,
      fround(theta * fround(fround(fround(factor * length) / maxLength) - (factor - 1)) ** (dim / (dim - 2))),
    );
  return {
    width: usual.length,
    scale: 1,
    perLength: true,
    key: (length) => (length > maxLength ? length : 0),
    of: (length) => (length > maxLength ? grown(length) : usual),
  };
}

const originalLength = (part: ConfigFields, { original, maxLength }: RopeModel): number => {
  const inside = part.size("original_max_position_embeddings", maxLength, 2 ** 31);
  return original ?? inside;
};

/** Long waves are stretched by `factor`, short ones left alone, those between interpolated. */
function llama3(part: ConfigFields, model: RopeModel): Frequencies {
  const [factor, low, high] = [
    part.positive("factor"),
    part.positive("low_freq_factor"),
    part.positive("high_freq_factor"),
  ];
  const original = originalLength(part, model);
  const scaled = usualFrequencies(model.dim, model.theta).map((f) => {
    const wave = (2 * Math.PI) / f;
    if (wave < original / high) return f;
    if (wave > original / low) return f / factor;
    const smooth = (original / wave - low) / (high - low);
    return ((1 - smooth) * f) / factor + smooth * f;
  });
  return fixed(scaled);
}

/** Interpolates long waves, extrapolates short ones, and scales attention (YaRN, arXiv 2309.00071). */
function yarn(part: ConfigFields, model: RopeModel): Frequencies {
  const { dim, theta } = model;
  const factor = part.positive("factor");
  const original = originalLength(part, model);
  const turns = (name: string, usual: number) => (part.has(name) ? part.positive(name) : usual);
  const [fast, slow] = [turns("beta_fast", 32), turns("beta_slow", 1)];
  const truncate = part.flag("truncate", true);
  /** The pair that turns `rotations` times within the original length. */
  const pair = (rotations: number) =>
    (dim * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(truncate ? Math.floor(pair(fast)) : pair(fast), 0);
  const high = Math.min(truncate ? Math.ceil(pair(slow)) : pair(slow), dim - 1);
  const span = low === high ? 0.001 : high - low;
  const scaled = powers(dim, theta).map((power, i) => {
    const interpolated = Math.min(1, Math.max(0, (i - low) / span));
    return (1 / (factor * power)) * interpolated + (1 / power) * (1 - interpolated);
  });
  return fixed(scaled, yarnScale(part, factor));
}

function yarnScale(part: ConfigFields, factor: number): number {
  const own = part.has("attention_factor") ? part.positive("attention_factor") : null;
  const [mscale, allDim] = ["mscale", "mscale_all_dim"].map((name) =>
    part.has(name) && part.raw(name) !== 0 ? part.positive(name) : null,
  );
  if (own !== null) return own;
  const of = (m: number) => (factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1);
  return mscale && allDim ? of(mscale) / of(allDim) : of(1);
}

/** One factor a pair, for short and for long sequences (LongRoPE, arXiv 2402.13753). */
function longrope(part: ConfigFields, model: RopeModel): Frequencies {
  const { dim, theta, maxLength } = model;
  const original = originalLength(part, model);
  const factor = part.has("factor") ? part.positive("factor") : maxLength / original;
  const own = part.has("attention_factor") ? part.positive("attention_factor") : null;
  const usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
  const by = (name: string) => {
    const factors = part.numbers(name, dim / 2);
    return powers(dim, theta).map((power, i) => 1 / fround(fround(factors[i]!) * power));
  };
  const [short, long] = [by("short_factor"), by("long_factor")];
  return {
    width: dim / 2,
    scale: own ?? usual,
    perLength: true,
    key: (length) => (length > original ? 1 : 0),
    of: (length) => (length > original ? long : short),
  };
}
