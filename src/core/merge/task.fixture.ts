import { sentence } from "../result";
import { type BlockOps, PlainOps, type Precision, type StoredValues } from "./block-ops";
import { completeSettings, type MergeMethod, type MergeSettings, type TensorTask } from "./merge-method";

/** float32 values as stored ones. */
export const stored = (values: Float32Array): StoredValues => ({
  dtype: "F32",
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

export interface TaskParts {
  readonly tensors: readonly Float32Array[];
  readonly weights?: readonly number[];
  readonly base?: Float32Array | undefined;
  readonly shape?: readonly number[];
  readonly settings?: MergeSettings;
  /** Of scope "model": the same for all components, or each its own. */
  readonly own?: MergeSettings | readonly MergeSettings[];
  readonly precision?: Precision;
  readonly mergekit?: boolean;
  readonly seed?: number;
  readonly tensor?: string;
  readonly ids?: readonly string[];
}

/** A task with defaults for all that is not given; components are called c0, c1, … */
export function taskOf(method: MergeMethod, parts: TaskParts): TensorTask {
  const { tensors, base, own = {}, settings = {} } = parts;
  const length = tensors[0]!.length;
  return {
    tensor: parts.tensor ?? "model.norm.weight",
    shape: parts.shape ?? [length],
    length,
    components: tensors.map((values, k) => ({
      id: parts.ids?.[k] ?? `c${k}`,
      weight: parts.weights?.[k] ?? 1 / tensors.length,
      settings: completeSettings(method, "model", isList(own) ? own[k] : own),
      values: stored(values),
    })),
    base: base ? stored(base) : null,
    settings: completeSettings(method, "merge", settings),
    precision: parts.precision ?? "float32",
    mergekit: parts.mergekit ?? false,
    seed: parts.seed ?? 1,
  };
}

const isList = (own: MergeSettings | readonly MergeSettings[]): own is readonly MergeSettings[] =>
  Array.isArray(own);

/** The merged values; throws where the method fails. */
export function mergedBy(
  method: MergeMethod,
  parts: TaskParts,
  ops: BlockOps = new PlainOps(),
): Float32Array {
  const task = taskOf(method, parts);
  const out = new Float32Array(task.length);
  let next = 0;
  const result = method.merge(task, ops, (from, block) => {
    if (from !== next) throw new Error(`a block from ${from} on where ${next} is next`);
    out.set(block, from);
    next = from + block.length;
  });
  if (!result.ok) throw new Error(sentence(result.problem));
  if (next !== task.length) throw new Error(`${next} values of ${task.length}`);
  return out;
}

/** Float32 values counted in order, so that neighbours differ by 1 and −0 equals 0. */
export function ordinal(value: number): number {
  const word = new Int32Array(new Float32Array([value]).buffer)[0]!;
  return word < 0 ? -(word & 0x7fffffff) : word;
}

/** The largest difference as a part of the largest magnitude in `wanted`. */
export function relativeDifference(values: Float32Array, wanted: Float32Array): number {
  let largest = 0;
  let difference = 0;
  for (const [i, value] of wanted.entries()) {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - values[i]!));
  }
  return difference === 0 ? 0 : difference / largest;
}
