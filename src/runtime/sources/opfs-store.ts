import type { CacheStore, StoreFile } from "./cache-store";
import { pause } from "./retries";

/** The part of FileSystemSyncAccessHandle that is used; only workers have it. */
interface SyncHandle {
  getSize(): number;
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

type WorkerFileHandle = FileSystemFileHandle & { createSyncAccessHandle?: () => Promise<SyncHandle> };

/** A worker that ended a moment ago may still hold its files. */
const LOCK_TRIES = 8;
const LOCK_WAIT = 150;

/** A folder of the browser's own storage as the cache's store; null where this thread has none (a page, an old browser). */
export async function opfsStore(name = "byte-cache"): Promise<CacheStore | null> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(name, { create: true });
    const probe: WorkerFileHandle = await folder.getFileHandle("probe", { create: true });
    return typeof probe.createSyncAccessHandle === "function" ? storeIn(folder) : null;
  } catch {
    return null;
  }
}

function storeIn(folder: FileSystemDirectoryHandle): CacheStore {
  return {
    names: async () => {
      const names: string[] = [];
      for await (const name of namesOf(folder)) names.push(name);
      return names;
    },
    load: async (name) => {
      try {
        const file = await (await folder.getFileHandle(name)).getFile();
        return new Uint8Array(await file.arrayBuffer());
      } catch (error) {
        if (error instanceof Error && error.name === "NotFoundError") return null;
        throw error;
      }
    },
    open: async (name) => storeFile(await syncHandle(await folder.getFileHandle(name, { create: true }))),
    remove: (name) => folder.removeEntry(name),
    quota: async () => (await navigator.storage.estimate()).quota ?? null,
  };
}

/** TypeScript's library for workers lacks the iteration. */
const namesOf = (folder: FileSystemDirectoryHandle): AsyncIterable<string> =>
  (folder as unknown as { keys(): AsyncIterable<string> }).keys();

async function syncHandle(handle: WorkerFileHandle): Promise<SyncHandle> {
  for (let tries = 1; ; tries++) {
    try {
      return await handle.createSyncAccessHandle!();
    } catch (error) {
      const locked = error instanceof Error && error.name === "NoModificationAllowedError";
      if (!locked || tries >= LOCK_TRIES) throw error;
      await pause(LOCK_WAIT);
    }
  }
}

function storeFile(handle: SyncHandle): StoreFile {
  return {
    size: () => handle.getSize(),
    read: (into, at) => handle.read(into, { at }),
    write: (bytes, at) => {
      if (handle.write(bytes, { at }) !== bytes.length)
        throw new DOMException("The storage took only a part of the bytes.", "QuotaExceededError");
    },
    truncate: (size) => handle.truncate(size),
    close: () => {
      handle.flush();
      handle.close();
    },
  };
}
