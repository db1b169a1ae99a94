import type { CheckpointSummary } from "../core/checkpoint/checkpoint-summary";
import type { SetInfo } from "../core/checkpoint/component-set";
import type { Result } from "../core/result";
import type {
  BackendInfo,
  CacheState,
  MeasureOutcome,
  MeasureRequest,
  MeasureUpdate,
  OpenedSet,
  Progress,
  SetReference,
  StartOptions,
  WriteOutcome,
  WriteRequest,
} from "../protocol/engine-protocol";
import type { FolderRef } from "../protocol/folder-ref";

/**
 * One interface, two implementations: the worker bridge (browser) and the in-process engine (Node, tests).
 * Calls are queued; every one may be repeated after any failure; an abort takes effect between batches.
 */
export interface Engine {
  start(signal: AbortSignal, options: StartOptions): Promise<Result<BackendInfo>>;
  /** What a folder holds: its headers and JSON are read, no weights. Waits for no other call. */
  inspect(signal: AbortSignal, folder: FolderRef): Promise<Result<CheckpointSummary>>;
  openSet(
    signal: AbortSignal,
    set: SetReference,
    onProgress: (p: Progress) => void,
  ): Promise<Result<OpenedSet>>;
  /** Reads all weights of the open set once; done at opening already where the set is small. */
  checkHealth(signal: AbortSignal, onProgress: (p: Progress) => void): Promise<Result<SetInfo>>;
  /** Merges and writes a Hugging Face checkpoint; nothing stands under a final name before all is written. */
  write(
    signal: AbortSignal,
    request: WriteRequest,
    onProgress: (p: Progress) => void,
  ): Promise<Result<WriteOutcome>>;
  /** An abort resolves with `complete: false` and the item scores so far. */
  measure(
    signal: AbortSignal,
    request: MeasureRequest,
    onUpdate: (u: MeasureUpdate) => void,
  ): Promise<Result<MeasureOutcome>>;
  /** Remote bytes kept in the browser's storage; a null key evicts all that no open set needs. */
  cacheState(): Promise<Result<CacheState>>;
  evict(key: string | null): Promise<Result<CacheState>>;
  setCacheBudget(bytes: number): Promise<Result<CacheState>>;
  /**
   * Called with a sentence when the engine failed and started over by itself (worker death, device loss), and with the
   * backend that it goes on with where that is known.
   */
  onRestart(listener: (why: string, backend?: BackendInfo) => void): () => void;
  close(): void;
}
