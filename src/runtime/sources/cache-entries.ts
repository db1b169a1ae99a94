import type { CacheEntry } from "../../protocol/cache-protocol";
import { CHUNK, chunkCount, chunkLength } from "./byte-cache";
import type { JournalState } from "./cache-journal";
import type { KeptFile } from "./kept-file";

/** A file that the cache knows: open while it has users. */
export interface Kept {
  readonly state: JournalState;
  file: KeptFile | null;
  users: number;
}

export type Checkpoint = readonly [key: string, files: readonly Kept[]];

/** The kept files by the checkpoint that they belong to. */
export function checkpointsOf(kept: Iterable<Kept>): Checkpoint[] {
  const groups = new Map<string, Kept[]>();
  for (const file of kept) {
    const { key } = file.state.checkpoint;
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups];
}

export const cacheEntry = ([key, files]: Checkpoint): CacheEntry => ({
  key,
  name: files[0]!.state.checkpoint.name,
  bytes: files.reduce((sum, { state }) => sum + bytesHeld(state), 0),
  total: files.reduce((sum, { state }) => sum + state.size, 0),
  lastUsed: lastUse(files),
  pinned: isPinned(files),
});

/** The least recently used of the checkpoints that are not open. */
export function oldestOf(checkpoints: readonly Checkpoint[]): Checkpoint | undefined {
  const closed = checkpoints.filter(([, files]) => !isPinned(files));
  return closed.sort(([, a], [, b]) => lastUse(a) - lastUse(b))[0];
}

export const isPinned = (files: readonly Kept[]): boolean => files.some(({ users }) => users > 0);

/** All of a file's chunks are full but for its last one. */
export function bytesHeld({ chunks, size }: JournalState): number {
  const last = chunkCount(size) - 1;
  return chunks.size * CHUNK - (chunks.has(last) ? CHUNK - chunkLength(last, size) : 0);
}

const lastUse = (files: readonly Kept[]): number => Math.max(...files.map(({ state }) => state.lastUsed));
