import type { Checkpoint } from "../core/checkpoint/sharded";
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

/** A checkpoint whose tensors stay in memory once read, as float32, while the budget lasts; others are read again. */
export function residentCheckpoint(checkpoint: Checkpoint, budget: ByteBudget): Checkpoint {
  const held = new Map<string, Float32Array<ArrayBuffer>>();
  return {
    ...checkpoint,
    tensor: async (name, signal) => {
      const known = held.get(name);
      if (known) return ok(known);
      const read = await checkpoint.tensor(name, signal);
      if (read.ok && !held.has(name) && budget.take(read.value.byteLength)) held.set(name, read.value);
      return read;
    },
  };
}

export const asReader = (checkpoint: Checkpoint): TensorReader => ({
  name: checkpoint.name,
  tensor: (name, signal) => checkpoint.tensor(name, signal),
});
