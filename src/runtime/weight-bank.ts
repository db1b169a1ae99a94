import type { WritableDtype } from "../core/checkpoint/dtype";
import type { ElementRange } from "../core/checkpoint/safetensors";
import type { WeightInput } from "../core/decoder/decoder-model";
import { type BlockOps, bytesPer } from "../core/merge/block-ops";
import { constantParameters, type ResolvedChoice } from "../core/merge/merge-choice";
import {
  type MergedPart,
  type MergePlan,
  mergeTensors,
  type PlanComponent,
  type TensorReader,
} from "../core/merge/merge-plan";
import { fail, ok, type Result } from "../core/result";
import type { Feeds } from "./ort";

/** A merge of the bank's components: one weight per component. */
export interface BankMerge {
  readonly choice: ResolvedChoice;
  readonly weights: readonly number[];
}

/** Holds the decoder's weight inputs and fills them with merged or loaded weights. */
export interface WeightBank {
  /** The weights last merged or loaded, by graph input. */
  readonly feeds: Feeds;
  /** Bytes held for this backend, beside the members' own. */
  readonly residentBytes: number;
  /** A failure leaves the old or half-written weights: merge again before use. */
  merge(merge: BankMerge, signal?: AbortSignal): Promise<Result<null>>;
  /** Takes one reader's tensors as they are. */
  load(reader: TensorReader, signal?: AbortSignal): Promise<Result<null>>;
  close(): void;
}

export interface BankOptions {
  readonly inputs: readonly WeightInput[];
  readonly base: TensorReader | null;
  readonly components: readonly PlanComponent[];
  readonly ops: BlockOps;
  /** Bytes of GPU memory that members may take; beyond it they are merged on the CPU and uploaded. */
  readonly gpuBudget?: number;
}

export const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Reads a tensor, or a range of one, that must have `out.length` values into `out`, as float32. */
export async function readInto(
  out: Float32Array,
  reader: TensorReader,
  name: string,
  ops: BlockOps,
  signal?: AbortSignal,
  range?: ElementRange,
): Promise<Result<null>> {
  const read = await reader.values(name, range, signal);
  if (!read.ok) return read;
  const size = read.value.bytes.length / bytesPer[read.value.dtype];
  if (size !== out.length)
    return fail("bad-file", `has ${size} values where the model has ${out.length}.`, {
      file: reader.name,
      tensor: name,
      remedy: "Use weights of the set's own architecture.",
    });
  ops.decode(read.value, 0, out, "float32");
  return ok(null);
}

/** Merges every input as float32 and hands on the parts; the first failure ends it. */
export async function mergeInputs(
  { inputs, base, components, ops }: BankOptions,
  { choice, weights }: BankMerge,
  take: (part: MergedPart) => void,
  signal?: AbortSignal,
): Promise<Result<null>> {
  const plan: MergePlan = {
    tensors: inputs,
    components,
    base: base ?? undefined,
    method: choice.method,
    parameters: constantParameters(choice, weights),
    seed: choice.seed,
    dtype: "F32" satisfies WritableDtype,
  };
  for await (const part of mergeTensors(plan, { ops, signal })) {
    if (!part.ok) return part;
    take(part.value);
  }
  return ok(null);
}
