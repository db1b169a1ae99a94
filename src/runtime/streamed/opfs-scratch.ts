import { reason } from "../../core/checkpoint/byte-source";
import { fail, ok, type Result } from "../../core/result";
import type { ScratchFile } from "./scratch-file";

/** The part of FileSystemSyncAccessHandle that is used; only workers have it. */
interface SyncHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  close(): void;
}

type WorkerFileHandle = FileSystemFileHandle & { createSyncAccessHandle?: () => Promise<SyncHandle> };

const FOLDER = "scratch";

/** A file of the browser's own storage; what earlier workers left behind is removed. Null where there is no such storage. */
export async function opfsScratch(): Promise<ScratchFile | null> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    for await (const name of folder.keys()) await removeUnlessOpen(folder, name);
    const name = crypto.randomUUID();
    const file: WorkerFileHandle = await folder.getFileHandle(name, { create: true });
    const handle = await file.createSyncAccessHandle?.();
    return handle ? scratchOf(handle, () => removeUnlessOpen(folder, name)) : null;
  } catch {
    return null;
  }
}

/** A file that another tab's worker holds open cannot be removed, and is not meant to be. */
async function removeUnlessOpen(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  await folder.removeEntry(name).catch(() => undefined);
}

function scratchOf(handle: SyncHandle, remove: () => Promise<void>): ScratchFile {
  return {
    write: async (at, bytes) => attempt("written", bytes.length, () => handle.write(bytes, { at })),
    read: async (at, into) => attempt("read", into.length, () => handle.read(into, { at })),
    close: async () => {
      handle.close();
      await remove();
    },
  };
}

function attempt(what: string, bytes: number, step: () => number): Result<null> {
  try {
    if (step() === bytes) return ok(null);
    return scratchFailure(`${bytes} bytes of intermediate values could not be ${what}`);
  } catch (error) {
    return scratchFailure(`intermediate values could not be ${what} (${reason(error)})`);
  }
}

const scratchFailure = (message: string): Result<never> =>
  fail("quota", `${message}: the browser's storage is full or was taken away.`, {
    remedy: "Free space on the disk, or score fewer items at a time.",
  });
