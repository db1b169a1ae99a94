import type { Result } from "../result";
import type { BlockOps, EncodedValues, Precision, StoredValues } from "./block-ops";

/** A setting of a merge method; values are numbers, a switch is 0 or 1. */
export interface MergeParameter {
  /** mergekit's name. */
  readonly name: string;
  readonly label: string;
  readonly help: string;
  /** "" for a pure number. */
  readonly unit: string;
  readonly kind: "switch" | "number" | "integer";
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** Whether it is set once for the merge, or may differ from model to model. */
  readonly scope: "merge" | "model";
}

export type MergeSettings = Readonly<Record<string, number>>;

/** One component's tensor in a merge. */
export interface ComponentTensor {
  /** Names the component in random masks; its id in the set, or the model's name in a YAML. */
  readonly id: string;
  readonly weight: number;
  /** The method's parameters of scope "model", complete. */
  readonly settings: MergeSettings;
  readonly values: StoredValues;
}

/** One tensor to merge, or for an elementwise method a slice of one. */
export interface TensorTask {
  readonly tensor: string;
  readonly shape: readonly number[];
  /** Elements in every component, base and result. */
  readonly length: number;
  /** In the order of the set or the YAML; those with weight 0 are there too. */
  readonly components: readonly ComponentTensor[];
  /** Null for a method that needs none. */
  readonly base: StoredValues | null;
  /** The method's parameters of scope "merge", complete. */
  readonly settings: MergeSettings;
  /**
   * float32 is the default everywhere. In mergekit-compatible mode the YAML's dtype: inputs and weights are cast to it
   * first, and every operation rounds to it as torch's does.
   */
  readonly precision: Precision;
  /** Choose as mergekit does where the result would else be free: among equal magnitudes at a threshold. */
  readonly mergekit: boolean;
  /** Of random masks; with method, tensor and component id it fixes them. */
  readonly seed: number;
}

/** Takes merged values [from, from + block.length), in order; `block` is reused afterwards. */
export interface MergeSink {
  (from: number, block: Float32Array): void;
  /** Where the values go; a method may write all of them there by itself instead. */
  readonly encoded?: EncodedValues;
}

/** Merged values [from, from + block.length); `block` is reused for the next ones. */
export interface MergedBlock {
  readonly from: number;
  readonly block: Float32Array;
}

/** Merges one tensor at a time; equal tasks give equal bits, with any `BlockOps`. */
export interface MergeMethod {
  /** mergekit's `merge_method`. */
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly parameters: readonly MergeParameter[];
  readonly base: "needed" | "optional" | "unused";
  /** Whether it takes a weight per component, so that a mixture α can be merged with it. */
  readonly weighted: boolean;
  /** Number of components that it can merge. */
  readonly models: { readonly min: number; readonly max: number };
  /** Whether each value depends on the values at its own position only, so that slices can be merged by themselves. */
  readonly elementwise: boolean;
  /** Whether it draws random masks from the seed. */
  readonly random: boolean;
  /** Fails, as a value that names the tensor, where the method is not defined for these values. */
  merge(task: TensorTask, ops: BlockOps, sink: MergeSink): Result<null>;
  /** The same block by block, in order, so that the whole result need not be held; present where that is possible. */
  blocks?(task: TensorTask, ops: BlockOps): Generator<MergedBlock, Result<null>, undefined>;
}

/** A scope's settings in full, defaults filled in; RangeError for an unknown name or a value out of range. */
export function completeSettings(
  method: MergeMethod,
  scope: MergeParameter["scope"],
  settings: MergeSettings = {},
): MergeSettings {
  const own = method.parameters.filter((p) => p.scope === scope);
  for (const [name, value] of Object.entries(settings)) {
    const parameter = own.find((p) => p.name === name);
    if (!parameter) throw new RangeError(`${method.name} has no parameter "${name}" of scope ${scope}`);
    const problem = settingProblem(parameter, value);
    if (problem) throw new RangeError(`${method.name}: ${problem}`);
  }
  return Object.fromEntries(own.map((p) => [p.name, settings[p.name] ?? p.default]));
}

/** Why a parameter cannot have this value, as the end of a sentence that begins with the method; null where it can. */
export function settingProblem(parameter: MergeParameter, value: number): string | null {
  const { name, kind, min, max } = parameter;
  if (!(value >= min && value <= max)) return `${name} is ${value}, not ${min} to ${max}`;
  if (kind === "switch" && value !== 0 && value !== 1) return `${name} is ${value}, neither 0 nor 1`;
  if (kind === "integer" && !Number.isInteger(value)) return `${name} is ${value}, no whole number`;
  return null;
}
