import type { Checkpoint } from "../core/checkpoint/sharded";
import { bytesPer, type StoredValues } from "../core/merge/block-ops";
import type { TensorReader } from "../core/merge/merge-plan";
import { ok } from "../core/result";

/** A byte allowance that several stores draw from. */
export class ByteBudget {
  used = 0;
  constructor(readonly limit: number) {}

  take(bytes: number): boolean {
    if (this.used + bytes > this.limit) return false;
    this.used += bytes;
    return true;
  }
}

/** A checkpoint whose tensors stay in memory once read in whole, as stored, while the budget lasts; others are read again. */
export function residentCheckpoint(checkpoint: Checkpoint, budget: ByteBudget): Checkpoint {
  const held = new Map<string, StoredValues>();
  return {
    ...checkpoint,
    values: async (name, range, signal) => {
      const known = held.get(name);
      if (!known) {
        const read = await checkpoint.values(name, range, signal);
        if (read.ok && !range && !held.has(name) && budget.take(read.value.bytes.byteLength))
          held.set(name, read.value);
        return read;
      }
      if (!range) return ok(known);
      const size = bytesPer[known.dtype];
      return ok({ dtype: known.dtype, bytes: known.bytes.subarray(range.from * size, range.to * size) });
    },
  };
}

export const asReader = (checkpoint: Checkpoint): TensorReader => ({
  name: checkpoint.name,
  values: (name, range, signal) => checkpoint.values(name, range, signal),
});
