import type { WeightInput } from "../core/decoder/decoder-shape";
import type { TensorReader } from "../core/merge/merge-plan";
import { fail, ok, type Result } from "../core/result";
import type { Feeds } from "./ort";

/** Holds the decoder's weight inputs and fills them with a mixture of the members (base first, then components). */
export interface WeightBank {
  /** The weights last merged or loaded, by graph input. */
  readonly feeds: Feeds;
  /** Bytes held for this backend, beside the members' own. */
  readonly residentBytes: number;
  /** Σ weights[i] · member i. A failure leaves the old or half-written weights: merge again before use. */
  merge(weights: readonly number[], signal?: AbortSignal): Promise<Result<null>>;
  /** Takes one reader's tensors as they are. */
  load(reader: TensorReader, signal?: AbortSignal): Promise<Result<null>>;
  close(): void;
}

export interface BankOptions {
  readonly inputs: readonly WeightInput[];
  readonly members: readonly TensorReader[];
  /** Bytes of GPU memory that members may take; beyond it they are merged on the CPU and uploaded. */
  readonly gpuBudget?: number;
}

export const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Reads a tensor that must have `size` values. */
export async function readTensorOf(
  reader: TensorReader,
  name: string,
  size: number,
  signal?: AbortSignal,
): Promise<Result<Float32Array>> {
  const read = await reader.tensor(name, signal);
  if (!read.ok || read.value.length === size) return read;
  return fail("bad-file", `has ${read.value.length} values where the model has ${size}.`, {
    file: reader.name,
    tensor: name,
    remedy: "Use weights of the set's own architecture.",
  });
}

/** Reads one tensor of every member whose weight is not 0. */
export async function readMembers(
  name: string,
  size: number,
  members: readonly TensorReader[],
  weights: readonly number[],
  signal?: AbortSignal,
): Promise<Result<{ values: Float32Array[]; weights: number[] }>> {
  const values: Float32Array[] = [];
  const used: number[] = [];
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    const read = await readTensorOf(members[i]!, name, size, signal);
    if (!read.ok) return read;
    values.push(read.value);
    used.push(weight);
  }
  return ok({ values, weights: used });
}
