import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FolderSource } from "../../core/checkpoint/byte-source";

/** A folder on disk, read by range. */
export function nodeFolder(path: string): FolderSource {
  return {
    name: path.replace(/\/+$/, ""),
    file: async (name) => {
      const full = join(path, name);
      const found = await stat(full).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
        throw error;
      });
      if (!found?.isFile()) return null;
      return { name: full, size: found.size, read: (start, end) => readRange(full, start, end) };
    },
  };
}

async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await file.read(bytes, 0, end - start, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
