import type { CheckpointSummary } from "../core/checkpoint/checkpoint-summary";
import type { SetInfo } from "../core/checkpoint/component-set";
import type { Result } from "../core/result";
import type { TaskSetLayout } from "../core/scoring/task";
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
import type { ItemMeasurement, ItemMeasureRequest, ItemPreview, TaskBundle } from "../protocol/task-protocol";

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
  /**
   * The open set is scored on these tasks from now on; null stands for its own, and so does opening a set. A refusal
   * leaves the tasks as they were.
   */
  setTasks(signal: AbortSignal, tasks: TaskBundle | null): Promise<Result<TaskSetLayout>>;
  /** Exactly what is asked of the model for an item of the current tasks, as tokens. */
  previewItem(signal: AbortSignal, task: number, item: number): Promise<Result<ItemPreview>>;
  /** Asks one item alone, token by token; journals nothing. */
  measureItem(signal: AbortSignal, request: ItemMeasureRequest): Promise<Result<ItemMeasurement>>;
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
