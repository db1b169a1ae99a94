import { ok, type Result } from "../../core/result";
import type { OpenScratch, ScratchFile } from "./scratch-file";

/** Float32 arrays by key, in memory up to a budget and beyond it in a scratch file. */
export interface ActivationStore {
  readonly memoryBytes: number;
  readonly spilledBytes: number;
  /** Keeps `values`, which belong to the store from now on, in place of what the key had. */
  put(key: number, values: Float32Array): Promise<Result<null>>;
  /** The key's values, valid until it is put again. */
  get(key: number): Promise<Result<Float32Array>>;
  /** Forgets everything. */
  close(): Promise<void>;
}

/** Where a key's values lie in the scratch file, and how much room they have there. */
interface Slot {
  readonly at: number;
  readonly room: number;
  readonly length: number;
}

/**
 * Keys that came while the budget lasted stay in memory. Where there is no scratch file, everything does: the budget is then
 * exceeded rather than the work refused.
 */
export function activationStore(budgetBytes: number, openScratch: OpenScratch): ActivationStore {
  const held = new Map<number, Float32Array>();
  const slots = new Map<number, Slot>();
  let memory = 0;
  let end = 0;
  let scratch: Promise<ScratchFile | null> | null = null;
  const forget = (key: number): void => {
    memory -= held.get(key)?.byteLength ?? 0;
    held.delete(key);
  };
  return {
    get memoryBytes() {
      return memory;
    },
    get spilledBytes() {
      return end;
    },
    put: async (key, values) => {
      forget(key);
      if (memory + values.byteLength <= budgetBytes) {
        held.set(key, values);
        memory += values.byteLength;
        slots.delete(key);
        return ok(null);
      }
      scratch ??= openScratch();
      const file = await scratch;
      if (!file) {
        held.set(key, values);
        memory += values.byteLength;
        return ok(null);
      }
      const old = slots.get(key);
      const fits = old !== undefined && old.room >= values.byteLength;
      const slot = fits
        ? { ...old, length: values.length }
        : { at: end, room: values.byteLength, length: values.length };
      if (!fits) end += values.byteLength;
      slots.set(key, slot);
      return file.write(slot.at, bytesOf(values));
    },
    get: async (key) => {
      const inMemory = held.get(key);
      if (inMemory) return ok(inMemory);
      const slot = slots.get(key);
      const file = await scratch;
      if (!slot || !file) throw new RangeError(`ActivationStore: nothing was put under ${key}`);
      const values = new Float32Array(slot.length);
      const read = await file.read(slot.at, bytesOf(values));
      return read.ok ? ok(values) : read;
    },
    close: async () => {
      held.clear();
      slots.clear();
      memory = 0;
      end = 0;
      const file = await scratch;
      scratch = null;
      await file?.close();
    },
  };
}

export const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
