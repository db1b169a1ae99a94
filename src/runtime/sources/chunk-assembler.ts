import { chunkLength } from "./byte-cache";
import type { Sink } from "./web";

/** Cuts a stream that begins with the chunk `first` of a file into whole chunks; each has a buffer of its own. */
export function chunkAssembler(
  size: number,
  first: number,
  deliver: (chunk: number, bytes: Uint8Array) => Promise<void>,
): Sink {
  let chunk = first;
  let filled = 0;
  let buffer: Uint8Array | null = null;
  return async (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      buffer ??= new Uint8Array(Math.max(0, chunkLength(chunk, size)));
      if (buffer.length === 0) throw new RangeError(`chunkAssembler: bytes beyond the file's ${size}`);
      const piece = bytes.subarray(at, at + buffer.length - filled);
      buffer.set(piece, filled);
      at += piece.length;
      filled += piece.length;
      if (filled < buffer.length) continue;
      await deliver(chunk, buffer);
      chunk++;
      filled = 0;
      buffer = null;
    }
  };
}
