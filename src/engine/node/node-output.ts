import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Backlog } from "../../core/checkpoint/backlog";
import type { OutputFile, OutputFolder } from "../../core/checkpoint/model-writer";

/** Bytes that may be under way to the disk while merging goes on. */
const BEHIND_BYTES = 32 * 2 ** 20;

/** A folder on disk, made when the first file is; files are named `*.partial` until they are committed. */
export function nodeOutput(path: string): OutputFolder {
  return {
    name: path,
    list: () => readdir(path).catch(() => []),
    create: async (name) => {
      await mkdir(path, { recursive: true });
      return partialFile(join(path, name));
    },
  };
}

async function partialFile(path: string): Promise<OutputFile> {
  const partial = `${path}.partial`;
  const file = await open(partial, "w");
  let position = 0;
  let closed = false;
  const behind = new Backlog(BEHIND_BYTES);
  const close = async () => {
    if (closed) return;
    closed = true;
    await file.close();
  };
  return {
    write: async (bytes, written) => {
      const at = position;
      position += bytes.length;
      await behind.add(writeAll(file, bytes, at).then(written), bytes.length);
    },
    commit: async () => {
      await behind.settle();
      await close();
      await rename(partial, path);
    },
    discard: async () => {
      await behind.end();
      await close();
      await rm(partial, { force: true });
    },
  };
}

async function writeAll(
  file: Awaited<ReturnType<typeof open>>,
  bytes: Uint8Array,
  at: number,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}
