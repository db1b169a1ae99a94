import type { ExpectedTensor } from "../../core/checkpoint/expected-tensors";
import { ok, type Result } from "../../core/result";
import { elements } from "../weight-bank";
import { bytesOf } from "./activation-store";
import type { OpenScratch, ScratchFile } from "./scratch-file";
import type { FillTarget, SubjectWeights } from "./subject-weights";

/** Weights that are merged when they are first asked for and then come from a scratch file, as float32. */
export interface KeptWeights extends SubjectWeights {
  close(): Promise<void>;
}

/**
 * Keeps what `weights` gives, for subjects whose tensors are needed again and again (a step of generation needs all of them).
 * Rows of a matrix are kept by the ranges asked for where they are `keepRows` or more: chunks of a head recur, rows of an
 * embedding do not. Where there is no scratch file nothing is kept.
 */
export function keptWeights(
  weights: SubjectWeights,
  openScratch: OpenScratch,
  keepRows: number,
): KeptWeights {
  const places = new Map<string, number>();
  let end = 0;
  let scratch: Promise<ScratchFile | null> | null = null;
  const open = () => {
    scratch ??= openScratch();
    return scratch;
  };
  const recall = async (key: string, out: Float32Array): Promise<Result<boolean>> => {
    const at = places.get(key);
    const file = await open();
    if (at === undefined || !file) return ok(false);
    const read = await file.read(at, bytesOf(out));
    return read.ok ? ok(true) : read;
  };
  const keep = async (key: string, values: Float32Array): Promise<Result<null>> => {
    const file = await open();
    if (!file) return ok(null);
    const at = end;
    end += values.byteLength;
    const written = await file.write(at, bytesOf(values));
    if (written.ok) places.set(key, at);
    return written;
  };
  return {
    byRows: weights.byRows,
    parts: (tensor, take, signal) => weights.parts(tensor, take, signal),
    fill: async (targets, signal) => {
      const missing: FillTarget[] = [];
      for (const target of targets) {
        const known = await recall(target.tensor.name, target.out);
        if (!known.ok) return known;
        if (!known.value) missing.push(target);
      }
      const filled = missing.length > 0 ? await weights.fill(missing, signal) : ok(null);
      if (!filled.ok) return filled;
      for (const { tensor, out } of missing) {
        const kept = await keep(tensor.name, out);
        if (!kept.ok) return kept;
      }
      return ok(null);
    },
    rows: async (tensor, rows, out, signal) => {
      if (rows.to - rows.from < keepRows) return weights.rows(tensor, rows, out, signal);
      const key = rowKey(tensor, rows);
      const wanted = out.subarray(0, (rows.to - rows.from) * elements(tensor.shape.slice(1)));
      const known = await recall(key, wanted);
      if (!known.ok) return known;
      if (known.value) return ok(null);
      const read = await weights.rows(tensor, rows, wanted, signal);
      return read.ok ? keep(key, wanted) : read;
    },
    close: async () => {
      places.clear();
      end = 0;
      const file = await scratch;
      scratch = null;
      await file?.close();
    },
  };
}

const rowKey = ({ name }: ExpectedTensor, { from, to }: { from: number; to: number }): string =>
  `${name} ${from}-${to}`;
