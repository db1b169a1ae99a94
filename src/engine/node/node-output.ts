import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { OutputFile, OutputFolder } from "../../core/checkpoint/model-writer";

/** Writes that may be under way at a time, so that merging goes on while the disk works. */
const MOST_PENDING = 2;

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
  const pending: Promise<unknown>[] = [];
  const settle = async (most: number) => {
    while (pending.length > most) await pending.shift();
  };
  const close = async () => {
    if (closed) return;
    closed = true;
    await file.close();
  };
  return {
    write: async (bytes, written) => {
      await settle(MOST_PENDING - 1);
      const at = position;
      position += bytes.length;
      const writing = writeAll(file, bytes, at).then(written);
      // A failure is thrown where it is waited for.
      writing.catch(() => undefined);
      pending.push(writing);
    },
    commit: async () => {
      await settle(0);
      await close();
      await rename(partial, path);
    },
    discard: async () => {
      await Promise.allSettled(pending);
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
