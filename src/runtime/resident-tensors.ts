import { isReadable } from "../core/checkpoint/dtype";
import type { Checkpoint } from "../core/checkpoint/sharded";
import { bytesPer, type StoredValues } from "../core/merge/block-ops";
import { within } from "../core/merge/memory-tensors";
import type { TensorReader } from "../core/merge/merge-plan";
import { ok, type Result } from "../core/result";
import { elements } from "./weight-bank";

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

/**
 * A checkpoint whose tensors stay in memory, as stored, once any part of them is asked for, while the budget lasts; others
 * are read again, range by range.
 */
export function residentCheckpoint(checkpoint: Checkpoint, budget: ByteBudget): Checkpoint {
  const held = new Map<string, Promise<Result<StoredValues>>>();
  /** Null where the budget has no room for the tensor. */
  const hold = (name: string, signal?: AbortSignal): Promise<Result<StoredValues>> | null => {
    const known = held.get(name);
    if (known) return known;
    const info = checkpoint.info(name);
    if (!info || !isReadable(info.dtype)) return null;
    const bytes = elements(info.shape) * bytesPer[info.dtype];
    if (!budget.take(bytes)) return null;
    const reading = checkpoint.values(name, undefined, signal).then((read) => {
      if (!read.ok) {
        held.delete(name);
        budget.used -= bytes;
      }
      return read;
    });
    held.set(name, reading);
    return reading;
  };
  return {
    ...checkpoint,
    values: async (name, range, signal) => {
      const whole = await hold(name, signal);
      if (!whole) return checkpoint.values(name, range, signal);
      return whole.ok ? ok(within(whole.value, range)) : whole;
    },
  };
}

export const asReader = (checkpoint: Checkpoint): TensorReader => ({
  name: checkpoint.name,
  values: (name, range, signal) => checkpoint.values(name, range, signal),
});
