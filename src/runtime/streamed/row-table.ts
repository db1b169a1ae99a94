import type { ExpectedTensor } from "../../core/checkpoint/expected-tensors";
import { ok, type Result } from "../../core/result";
import { elements } from "../weight-bank";
import { bytesOf } from "./activation-store";
import type { OpenScratch } from "./scratch-file";
import type { RowRange, SubjectWeights } from "./subject-weights";

/** A matrix [rows, width] (or a vector of rows of one value) that is read a few rows at a time, as float32. */
export interface RowTable {
  readonly count: number;
  readonly width: number;
  /** Rows [from, to) into the beginning of `out`. */
  read(rows: RowRange, out: Float32Array, signal?: AbortSignal): Promise<Result<null>>;
  close(): Promise<void>;
}

/**
 * A tensor's rows. Where the merge method needs whole tensors, the tensor is merged once, which takes it as stored of every
 * component and once as float32, and its rows then come from a scratch file (from memory where there is none).
 */
export async function openRowTable(
  tensor: ExpectedTensor,
  weights: SubjectWeights,
  openScratch: OpenScratch,
  signal?: AbortSignal,
): Promise<Result<RowTable>> {
  const [count = 0] = tensor.shape;
  const width = elements(tensor.shape.slice(1));
  if (weights.byRows)
    return ok({
      count,
      width,
      read: (rows, out, stop) => weights.rows(tensor, rows, out, stop),
      close: async () => undefined,
    });
  const file = await openScratch();
  if (!file) return inMemory(tensor, weights, signal);
  const written = await weights.parts(tensor, (at, part) => file.write(at * 4, bytesOf(part)), signal);
  if (!written.ok) {
    await file.close();
    return written;
  }
  return ok({
    count,
    width,
    read: ({ from, to }, out) => file.read(from * width * 4, bytesOf(out.subarray(0, (to - from) * width))),
    close: () => file.close(),
  });
}

async function inMemory(
  tensor: ExpectedTensor,
  weights: SubjectWeights,
  signal?: AbortSignal,
): Promise<Result<RowTable>> {
  const [count = 0] = tensor.shape;
  const width = elements(tensor.shape.slice(1));
  const merged = new Float32Array(count * width);
  const filled = await weights.fill([{ tensor, out: merged }], signal);
  if (!filled.ok) return filled;
  return ok({
    count,
    width,
    read: async ({ from, to }, out) => {
      out.set(merged.subarray(from * width, to * width));
      return ok(null);
    },
    close: async () => undefined,
  });
}
