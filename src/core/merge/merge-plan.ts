import { cancelled } from "../checkpoint/byte-source";
import type { ExpectedTensor } from "../checkpoint/expected-tensors";
import { fail, ok, type Result } from "../result";
import { completeSettings, type MergeMethod, type MergeSettings } from "./merge-method";

/** Where a component's values come from: a checkpoint on disk, or weights held in memory. */
export interface TensorReader {
  readonly name: string;
  tensor(name: string, signal?: AbortSignal): Promise<Result<Float32Array>>;
}

export interface MergePlan {
  /** What to merge, in the order in which it is yielded. */
  readonly tensors: readonly ExpectedTensor[];
  readonly components: readonly TensorReader[];
  /** Read only when the method needs it. */
  readonly base?: TensorReader;
  readonly method: MergeMethod;
  readonly settings?: MergeSettings;
  /** One per component; α for a mixture. */
  readonly weights: readonly number[];
}

export interface MergedTensor extends ExpectedTensor {
  /** float32, in a buffer of its own. */
  readonly data: Float32Array;
}

/** Weights held in memory as a reader; the arrays are handed out as they are. */
export function memoryTensors(name: string, tensors: ReadonlyMap<string, Float32Array>): TensorReader {
  return {
    name,
    tensor: async (tensor) => {
      const values = tensors.get(tensor);
      return values
        ? ok(values)
        : fail("bad-set", "the component lacks this tensor.", { file: name, tensor });
    },
  };
}

/**
 * Yields the merged tensors one by one, reading one tensor of each component with a weight other than 0. The first
 * failure is yielded and ends it; so does an abort ("cancelled").
 */
export async function* mergeTensors(
  plan: MergePlan,
  signal?: AbortSignal,
): AsyncGenerator<Result<MergedTensor>, void, undefined> {
  const { method, weights, base } = plan;
  const settings = completeSettings(method, plan.settings);
  if (weights.length !== plan.components.length)
    throw new RangeError(`mergeTensors: ${weights.length} weights for ${plan.components.length} components`);
  if (method.needsBase && !base) throw new RangeError(`mergeTensors: ${method.name} needs the base`);
  const used = plan.components.filter((_, i) => weights[i] !== 0);
  const usedWeights = weights.filter((w) => w !== 0);
  const readers = method.needsBase && base ? [...used, base] : used;
  for (const { name, shape } of plan.tensors) {
    const read = await readAll(readers, name, signal);
    if (!read.ok) return yield read;
    const values = read.value;
    const data = new Float32Array(values[0]?.length ?? 0);
    const baseValues = method.needsBase ? values[used.length] : undefined;
    method.merge(values.slice(0, used.length), usedWeights, data, {
      settings,
      tensor: name,
      shape,
      ...(baseValues && { base: baseValues }),
    });
    yield ok({ name, shape, data });
  }
}

async function readAll(
  readers: readonly TensorReader[],
  name: string,
  signal?: AbortSignal,
): Promise<Result<Float32Array[]>> {
  if (signal?.aborted) return cancelled();
  const read = await Promise.all(readers.map((r) => r.tensor(name, signal)));
  if (signal?.aborted) return cancelled();
  const values: Float32Array[] = [];
  for (const [i, tensor] of read.entries()) {
    if (!tensor.ok) return tensor;
    if (values[0] && tensor.value.length !== values[0].length)
      return fail("bad-set", `has ${tensor.value.length} values where others have ${values[0].length}.`, {
        file: readers[i]!.name,
        tensor: name,
        remedy: "Use components of one architecture.",
      });
    values.push(tensor.value);
  }
  return ok(values);
}
