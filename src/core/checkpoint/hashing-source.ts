import { ok, type Result } from "../result";
import { type ByteSource, readExactly } from "./byte-source";
import { createHasher } from "./hasher";

export interface HashingSource extends ByteSource {
  /** Whether reads are hashed as they pass; true at first. What passes meanwhile is read again for the digest. */
  follow(on: boolean): void;
  /** SHA-256 of the whole file in hex; reads only what has not passed by in the order of the file. */
  digest(signal?: AbortSignal): Promise<Result<string>>;
}

const CHUNK = 4 * 2 ** 20;

/**
 * Hashes a file while others read it: a read that reaches beyond what is hashed, without a gap, carries the hash on.
 * A pass over the tensors in file order therefore costs no second read.
 */
export function hashingSource(source: ByteSource): HashingSource {
  const stream = createHasher();
  let hashed = 0;
  let sum: string | null = null;
  let following = true;
  const read: ByteSource["read"] = async (start, end, signal) => {
    const bytes = await source.read(start, end, signal);
    if (following && bytes.length === end - start && start <= hashed && hashed < end) {
      stream.update(bytes.subarray(hashed - start));
      hashed = end;
    }
    return bytes;
  };
  const self: HashingSource = {
    name: source.name,
    size: source.size,
    read,
    follow: (on) => {
      following = on;
    },
    digest: async (signal) => {
      following = true;
      while (hashed < source.size) {
        const bytes = await readExactly(self, hashed, Math.min(hashed + CHUNK, source.size), signal);
        if (!bytes.ok) return bytes;
      }
      sum ??= stream.digest();
      return ok(sum);
    },
  };
  return self;
}
