import { createHash } from "node:crypto";
import type { Hasher } from "../../core/checkpoint/sha256-stream";

/** SHA-256 by Node's own library, which uses the processor's instructions for it. */
export function nodeHasher(): Hasher {
  const hash = createHash("sha256");
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest("hex") };
}
