import type { ByteSource } from "../checkpoint/byte-source";

export interface CountingSource extends ByteSource {
  /** Bytes asked for, in all reads together. */
  readonly asked: number;
  readonly largest: number;
  /** Reads that no file of this size can answer. */
  readonly outside: readonly string[];
}

/** A file that remembers what was asked of it; `size` may claim more than the bytes that it has, which read as zeros. */
export function countingSource(name: string, bytes: Uint8Array, size = bytes.length): CountingSource {
  const seen = { asked: 0, largest: 0, outside: [] as string[] };
  return {
    name,
    size,
    get asked() {
      return seen.asked;
    },
    get largest() {
      return seen.largest;
    },
    get outside() {
      return seen.outside;
    },
    read: async (start, end) => {
      const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
      if (!whole || start < 0 || start > end || end > size) {
        seen.outside.push(`${start} to ${end}`);
        throw new RangeError(`countingSource: ${start} to ${end} of ${size}`);
      }
      seen.asked += end - start;
      seen.largest = Math.max(seen.largest, end - start);
      const out = new Uint8Array(end - start);
      out.set(bytes.subarray(start, end));
      return out;
    },
  };
}
