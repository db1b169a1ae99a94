import { expose } from "comlink";
import { sha256 } from "../../src/core/canonical";
import { readExactly } from "../../src/core/checkpoint/byte-source";
import { findFile } from "../../src/core/checkpoint/folder-files";
import type { Progress } from "../../src/core/checkpoint/progress";
import { openCheckpoint } from "../../src/core/checkpoint/sharded";
import { sentence } from "../../src/core/result";
import type { FolderRef } from "../../src/protocol/folder-ref";
import { browserCache } from "../../src/runtime/sources/browser-cache";
import { type OpenFolder, openFolder } from "../../src/runtime/sources/open-folder";
import { RecentChunks } from "../../src/runtime/sources/recent-chunks";
import type { SourceOptions } from "../../src/runtime/sources/source-options";

/** Folders and the cache in a worker, as the engine has them, for the tests to drive. */
const notices: string[] = [];
const cache = browserCache((text) => notices.push(text));
const folders = new Map<string, OpenFolder>();
let progress: Progress | null = null;

async function folderOf(name: string): Promise<OpenFolder> {
  const folder = folders.get(name);
  if (!folder) throw new Error(`${name} is not open`);
  return folder;
}

const api = {
  open: async (name: string, ref: FolderRef, options: SourceOptions = {}): Promise<boolean> => {
    const opened = await cache;
    const onProgress = (p: Progress) => {
      progress = p;
    };
    folders.set(name, openFolder(ref, { cache: opened, recent: new RecentChunks(), onProgress, ...options }));
    return opened !== null;
  },
  /** The SHA-256 of bytes [start, end) of a file (to its end where absent), or the sentence that says why not. */
  read: async (name: string, path: string, start = 0, end?: number): Promise<string> => {
    const found = await findFile(await folderOf(name), path);
    if (!found.ok) return sentence(found.problem);
    if (!found.value) return "missing";
    const bytes = await readExactly(found.value, start, end ?? found.value.size);
    return bytes.ok ? sha256(bytes.value) : sentence(bytes.problem);
  },
  /** Opens the checkpoint as the engine does; the number of its tensors, or the sentence that says why not. */
  tensors: async (name: string): Promise<number | string> => {
    const checkpoint = await openCheckpoint(await folderOf(name));
    return checkpoint.ok ? checkpoint.value.tensorNames.length : sentence(checkpoint.problem);
  },
  close: async (name: string) => (await folderOf(name)).close(),
  progress: () => progress,
  notices: () => notices,
  usage: async () => (await cache)!.usage(),
  entries: async () => (await cache)!.entries(),
  evict: async (key: string) => (await cache)!.evict(key),
  setBudget: async (bytes: number) => (await cache)!.setBudget(bytes),
};

export type SourcesApi = typeof api;
expose(api);
