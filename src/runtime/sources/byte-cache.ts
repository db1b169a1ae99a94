import type { CacheEntry, CacheUsage } from "../../protocol/cache-protocol";

/** Files are kept in chunks of this many bytes; a file's last one is shorter. */
export const CHUNK = 2 ** 20;

export const chunkCount = (size: number): number => Math.ceil(size / CHUNK);

export const chunkLength = (chunk: number, size: number): number => Math.min(CHUNK, size - chunk * CHUNK);

/** A file to be kept: `key` stands for its content, `address` for where it comes from. */
export interface CacheTarget {
  readonly key: string;
  readonly size: number;
  readonly address: string;
  /** False where the key stands for the content of this session only: dropped when it is released. */
  readonly lasting: boolean;
  /** The checkpoint that it belongs to: evicted in whole, and shown under its name. */
  readonly checkpoint: { readonly key: string; readonly name: string };
}

export interface CachedFile {
  has(chunk: number): boolean;
  /** Fills `into` from byte `from` of the chunk; false where the chunk is not held, or was found damaged and dropped. */
  read(chunk: number, from: number, into: Uint8Array): Promise<boolean>;
  /** Keeps a whole chunk; false where there is no room for it. */
  write(chunk: number, bytes: Uint8Array): Promise<boolean>;
  /** The checkpoint may be evicted again. */
  release(): void;
}

/** Keeps the bytes of remote files between sessions, within a budget. It never rejects: without it, bytes are fetched again. */
export interface ByteCache {
  /** Pins the checkpoint until the file is released. Null where the file cannot be kept. */
  open(target: CacheTarget): Promise<CachedFile | null>;
  /** What the address held when it was last opened; null where nothing of it is kept. */
  keyAt(address: string): Promise<string | null>;
  entries(): Promise<readonly CacheEntry[]>;
  usage(): Promise<CacheUsage>;
  /** Bytes that may be kept; the least recently used checkpoints that are not open go first. */
  setBudget(bytes: number): Promise<void>;
  evict(key: string): Promise<void>;
  /** Evicts everything that is not open. */
  clear(): Promise<void>;
}
