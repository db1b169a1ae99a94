import type { ExpectedTensor } from "../../core/checkpoint/expected-tensors";
import type { ElementRange } from "../../core/checkpoint/safetensors";
import type { BlockOps } from "../../core/merge/block-ops";
import { constantParameters } from "../../core/merge/merge-choice";
import {
  type MergePlan,
  mergeTensors,
  type PlanComponent,
  type TensorReader,
} from "../../core/merge/merge-plan";
import { ok, type Result } from "../../core/result";
import { type BankMerge, elements, readInto } from "../weight-bank";

/** A tensor as float32 and where it is to go; `out` has as many elements as the tensor. */
export interface FillTarget {
  readonly tensor: ExpectedTensor;
  readonly out: Float32Array;
}

/** Rows [from, to) of a matrix. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export type TakePart = (from: number, values: Float32Array) => Promise<Result<null>>;

/** The weights of what is scored, read and merged piece by piece as they are asked for; nothing is kept. */
export interface SubjectWeights {
  /** Whether rows of a matrix are to be had without the rest of it. */
  readonly byRows: boolean;
  /** Whole tensors. */
  fill(targets: readonly FillTarget[], signal?: AbortSignal): Promise<Result<null>>;
  /** A whole tensor in parts, as they come; `take` is given each with its first element's number. */
  parts(tensor: ExpectedTensor, take: TakePart, signal?: AbortSignal): Promise<Result<null>>;
  /** Rows of a matrix; `byRows` only. */
  rows(
    tensor: ExpectedTensor,
    rows: RowRange,
    out: Float32Array,
    signal?: AbortSignal,
  ): Promise<Result<null>>;
}

/** Bytes of one model that are decoded at a time. */
const SLICE_BYTES = 8 * 2 ** 20;

/** One model's own weights, as they are. */
export function plainWeights(reader: TensorReader, ops: BlockOps): SubjectWeights {
  const copy = async (
    { name, shape }: ExpectedTensor,
    first: number,
    out: Float32Array,
    signal?: AbortSignal,
  ): Promise<Result<null>> => {
    const step = SLICE_BYTES / 2;
    for (let at = 0; at < out.length; at += step) {
      const part = out.subarray(at, Math.min(at + step, out.length));
      const range = { from: first + at, to: first + at + part.length };
      const whole = range.from === 0 && range.to === elements(shape);
      const read = await readInto(part, reader, name, ops, signal, whole ? undefined : range);
      if (!read.ok) return read;
    }
    return ok(null);
  };
  return {
    byRows: true,
    fill: async (targets, signal) => {
      for (const { tensor, out } of targets) {
        const done = await copy(tensor, 0, out, signal);
        if (!done.ok) return done;
      }
      return ok(null);
    },
    parts: async (tensor, take, signal) => {
      const size = elements(tensor.shape);
      for (let from = 0; from < size; from += SLICE_BYTES / 2) {
        const part = new Float32Array(Math.min(SLICE_BYTES / 2, size - from));
        const read = await copy(tensor, from, part, signal);
        const taken = read.ok ? await take(from, part) : read;
        if (!taken.ok) return taken;
      }
      return ok(null);
    },
    rows: (tensor, { from, to }, out, signal) => {
      const width = rowWidth(tensor);
      return copy(tensor, from * width, out.subarray(0, (to - from) * width), signal);
    },
  };
}

export interface MergeSources {
  readonly base: TensorReader;
  readonly components: readonly PlanComponent[];
  readonly ops: BlockOps;
}

/** A merge of a set's components, by any method. Rows are merged by themselves where the method is elementwise. */
export function mergedWeights(
  { base, components, ops }: MergeSources,
  { choice, weights }: BankMerge,
): SubjectWeights {
  const run = async (
    plan: Pick<MergePlan, "tensors" | "components" | "base">,
    take: (tensor: string, ...part: Parameters<TakePart>) => Promise<Result<null>> | null,
    signal?: AbortSignal,
  ): Promise<Result<null>> => {
    const whole: MergePlan = {
      ...plan,
      method: choice.method,
      parameters: constantParameters(choice, weights),
      seed: choice.seed,
      dtype: "F32",
    };
    for await (const part of mergeTensors(whole, { ops, signal })) {
      if (!part.ok) return part;
      const { tensor, from, values } = part.value;
      const { buffer, byteOffset, byteLength } = values.bytes;
      const taken = await take(tensor.name, from, new Float32Array(buffer, byteOffset, byteLength / 4));
      if (taken && !taken.ok) return taken;
    }
    return ok(null);
  };
  return {
    byRows: choice.method.elementwise,
    fill: (targets, signal) => {
      const outs = new Map(targets.map(({ tensor, out }) => [tensor.name, out]));
      const tensors = targets.map(({ tensor }) => tensor);
      const copy = (name: string, from: number, values: Float32Array) => {
        outs.get(name)!.set(values, from);
        return null;
      };
      return run({ tensors, components, base }, copy, signal);
    },
    parts: (tensor, take, signal) =>
      run({ tensors: [tensor], components, base }, (_, from, values) => take(from, values), signal),
    rows: (tensor, { from, to }, out, signal) => {
      if (!choice.method.elementwise) throw new RangeError(`${choice.method.name} merges whole tensors only`);
      const width = rowWidth(tensor);
      const part = { from: from * width, to: to * width };
      const sources = {
        tensors: [{ name: tensor.name, shape: [to - from, ...tensor.shape.slice(1)] }],
        components: components.map(({ id, reader }) => ({ id, reader: partOf(reader, part) })),
        base: partOf(base, part),
      };
      const copy = (_: string, at: number, values: Float32Array) => {
        out.set(values, at);
        return null;
      };
      return run(sources, copy, signal);
    },
  };
}

/** A reader for which elements [part.from, part.to) of any tensor are all of it. */
const partOf = ({ name, values }: TensorReader, part: ElementRange): TensorReader => ({
  name,
  values: (tensor, range = { from: 0, to: part.to - part.from }, signal) =>
    values(tensor, { from: part.from + range.from, to: part.from + range.to }, signal),
});

const rowWidth = ({ shape }: ExpectedTensor): number => elements(shape.slice(1));
