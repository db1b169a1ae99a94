import type { StoredValues } from "../merge/block-ops";
import { ok, type Result } from "../result";
import type { Checkpoint } from "./sharded";

/**
 * A checkpoint whose equal reads are one while the first is under way: several components that are computed from one base ask
 * for the same slice at the same time. Each reader gets bytes of its own.
 */
export function sharedReads(checkpoint: Checkpoint): Checkpoint {
  const reading = new Map<string, Promise<Result<StoredValues>>>();
  return {
    ...checkpoint,
    values: async (name, range, signal) => {
      const key = `${range?.from} ${range?.to} ${name}`;
      let first = reading.get(key);
      if (!first) {
        first = checkpoint.values(name, range, signal);
        reading.set(key, first);
        const own = await first;
        reading.delete(key);
        return own;
      }
      const shared = await first;
      // What ended the first reader's read need not end this one's.
      if (!shared.ok) return checkpoint.values(name, range, signal);
      return ok({ dtype: shared.value.dtype, bytes: new Uint8Array(shared.value.bytes) });
    },
  };
}
