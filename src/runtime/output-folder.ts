import { reason } from "../core/checkpoint/byte-source";
import type { OutputFile, OutputFolder } from "../core/checkpoint/model-writer";
import { fail, ok, type Result } from "../core/result";
import type { MergeTarget } from "../protocol/engine-protocol";

/** Folder in the browser's storage that merged models are written to. */
export const MERGED_FOLDER = "merged";

/** A folder on disk or in the browser's storage, for a worker. */
export async function openOutput(target: MergeTarget): Promise<Result<OutputFolder>> {
  if (target.kind === "path") return fail("backend", "a browser knows no paths: choose a folder.");
  try {
    if (target.kind === "handle") return ok(handleOutput(target.handle));
    let folder = await navigator.storage.getDirectory();
    for (const part of [MERGED_FOLDER, ...target.path.split("/")])
      folder = await folder.getDirectoryHandle(part, { create: true });
    return ok(handleOutput(folder));
  } catch (error) {
    return fail("quota", `the browser's storage cannot be written to (${reason(error)}).`, {
      remedy: "Choose a folder on disk, or allow this site to store data.",
    });
  }
}

/** The browser writes to a file of its own and puts it in place when the stream is closed. */
function handleOutput(folder: FileSystemDirectoryHandle): OutputFolder {
  return {
    name: folder.name,
    list: async () => {
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      return names;
    },
    create: async (path) => {
      const there = await exists(folder, path);
      const handle = await folder.getFileHandle(path, { create: true });
      return streamFile(folder, path, await handle.createWritable(), there);
    },
  };
}

async function exists(folder: FileSystemDirectoryHandle, path: string): Promise<boolean> {
  try {
    await folder.getFileHandle(path);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return false;
    throw error;
  }
}

function streamFile(
  folder: FileSystemDirectoryHandle,
  path: string,
  stream: FileSystemWritableFileStream,
  wasThere: boolean,
): OutputFile {
  let pending: Promise<unknown> = Promise.resolve();
  let committed = false;
  return {
    write: async (bytes, written) => {
      await pending;
      pending = stream.write(bytes as Uint8Array<ArrayBuffer>).then(written);
      // A failure is thrown where it is waited for.
      pending.catch(() => undefined);
    },
    commit: async () => {
      await pending;
      await stream.close();
      committed = true;
    },
    discard: async () => {
      await pending.catch(() => undefined);
      if (!committed) await stream.abort();
      // Asking for a stream made the file, empty.
      if (!wasThere) await folder.removeEntry(path);
    },
  };
}
