/** A setting of a merge method; values are numbers, a switch is 0 or 1. */
export interface MergeParameter {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly kind: "switch" | "number";
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export type MergeSettings = Readonly<Record<string, number>>;

/** What a method may use beside the components' values. */
export interface MergeContext {
  readonly settings?: MergeSettings;
  readonly base?: Float32Array;
  /** The tensor's name and shape. */
  readonly tensor?: string;
  readonly shape?: readonly number[];
}

/** Merges one tensor at a time; equal inputs give equal outputs, bit by bit. */
export interface MergeMethod {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly parameters: readonly MergeParameter[];
  readonly needsBase: boolean;
  /**
   * Writes the merged tensor into `out`. `tensors` and `weights` run over the components; all arrays are equally long,
   * and `out` may be one of them. Throws RangeError where lengths differ or the weights cannot be honoured: a bug of
   * the caller.
   */
  merge(
    tensors: readonly Float32Array[],
    weights: readonly number[],
    out: Float32Array,
    context?: MergeContext,
  ): void;
}

/** A method's settings in full, defaults filled in; RangeError for an unknown name or a value out of range. */
export function completeSettings(method: MergeMethod, settings: MergeSettings = {}): MergeSettings {
  const known = new Map(method.parameters.map((p) => [p.name, p]));
  for (const [name, value] of Object.entries(settings)) {
    const parameter = known.get(name);
    if (!parameter) throw new RangeError(`${method.name} has no parameter "${name}"`);
    if (!(value >= parameter.min && value <= parameter.max))
      throw new RangeError(`${method.name}: ${name} is ${value}, not ${parameter.min} to ${parameter.max}`);
    if (parameter.kind === "switch" && value !== 0 && value !== 1)
      throw new RangeError(`${method.name}: ${name} is ${value}, neither 0 nor 1`);
  }
  return Object.fromEntries(method.parameters.map((p) => [p.name, settings[p.name] ?? p.default]));
}

export function checkLengths(
  tensors: readonly Float32Array[],
  weights: readonly number[],
  out: Float32Array,
): void {
  if (tensors.length === 0 || tensors.length !== weights.length)
    throw new RangeError(`merge: ${tensors.length} tensors for ${weights.length} weights`);
  if (weights.some((w) => !Number.isFinite(w))) throw new RangeError("merge: a weight is not finite");
  for (const tensor of tensors)
    if (tensor.length !== out.length)
      throw new RangeError(`merge: a tensor of ${tensor.length} values into ${out.length}`);
}
