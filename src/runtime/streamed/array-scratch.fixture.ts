import { fail, ok } from "../../core/result";
import type { ScratchFile } from "./scratch-file";

/** A scratch file in an array that grows; `room` bytes at most. */
export function arrayScratch(room = Number.POSITIVE_INFINITY) {
  let bytes = new Uint8Array(0);
  const state = { opened: 0, closed: 0, size: () => bytes.length };
  const file: ScratchFile = {
    write: async (at, part) => {
      if (at + part.length > room) return fail("quota", "full");
      if (at + part.length > bytes.length) {
        const grown = new Uint8Array(at + part.length);
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(part, at);
      return ok(null);
    },
    read: async (at, into) => {
      into.set(bytes.subarray(at, at + into.length));
      return ok(null);
    },
    close: async () => {
      state.closed++;
    },
  };
  const open = async () => {
    state.opened++;
    return file;
  };
  return { state, open };
}
