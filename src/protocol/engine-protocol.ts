import type { CheckpointSummary } from "../core/checkpoint/checkpoint-summary";
import type { SetInfo } from "../core/checkpoint/component-set";
import type { WritableDtype } from "../core/checkpoint/dtype";
import type { WrittenFile } from "../core/checkpoint/model-writer";
import type { MergeChoice } from "../core/merge/merge-choice";
import type { Recipe } from "../core/recipe/recipe-schema";
import type { Problem, Result } from "../core/result";
import type { ItemDetail } from "../core/scoring/item-outcome";
import type { BackendKind, Subject } from "../core/scoring/measurement";
import type { RunCode } from "../core/scoring/run-code";
import type { TaskSetLayout } from "../core/scoring/task";
import type { CacheEntry, CacheUsage } from "./cache-protocol";
import type { FolderRef } from "./folder-ref";
import type { ItemMeasurement, ItemMeasureRequest, ItemPreview, TaskBundle } from "./task-protocol";

/** The self-test's verdict: largest difference to known log-probabilities (nats). */
export interface SelfTest {
  readonly backend: BackendKind;
  readonly passed: boolean;
  readonly largestError: number;
  readonly tolerance: number;
  readonly detail: string;
}

export interface BackendInfo {
  readonly kind: BackendKind;
  readonly threads: number;
  /** Why this backend and not a faster one, one sentence. */
  readonly reason: string;
  /** Every test that ran, the failed ones too. */
  readonly selfTests: readonly SelfTest[];
  readonly versions: Readonly<Record<string, string>>;
  readonly adapter?: string;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly what: string;
}

/** A set whose members lie in folders of their own, anywhere. */
export interface FolderSet {
  /** Text of demix-set.json. */
  readonly text: string;
  /** The set file's name, for messages. */
  readonly file: string;
  /** Every member's folder, by its id. */
  readonly folders: Readonly<Record<string, FolderRef>>;
  /** Where the set file's own tasks lie; null where it came without a folder. */
  readonly home: FolderRef | null;
  /** What is scored where the set names no tasks: the URL of a tasks file, or tasks with their items. */
  readonly tasks: string | TaskBundle;
}

/** The URL (in Node the path) of a demix-set.json or of its folder, or a set with its folders. */
export type SetReference = string | FolderSet;

export interface OpenedSet {
  readonly set: SetInfo;
  /** Null where the set cannot be scored here; `unscored` says why. */
  readonly tasks: TaskSetLayout | null;
  readonly unscored: Problem | null;
  /** Whether the model is computed layer by layer, so that every measurement reads all weights. */
  readonly streamed: boolean;
  readonly backend: BackendInfo;
}

export interface StartOptions {
  /** "auto" tries WebGPU, then WASM with threads, then WASM with one. */
  readonly backend: "auto" | BackendKind;
  readonly threads?: number;
  /**
   * "whole": one graph with all weights in memory; "streamed": layer by layer, for models that do not fit. "auto", which
   * stands where it is absent, decides by the number of parameters.
   */
  readonly execution?: "auto" | "whole" | "streamed";
}

export interface MeasureRequest {
  readonly subject: Subject;
  /** How a mixture is merged; linear when absent. */
  readonly method?: MergeChoice;
  /** Item scores already known (a cancelled measurement): scored items are not computed again. */
  readonly known?: Float32Array;
  /** Stop after this many items of the stratified order; all when absent. */
  readonly limit?: number;
  /** Keep what the model said of every item beside its scores: generated texts, greedy tokens. */
  readonly details?: boolean;
}

/** Sent after every batch group; `scores` is a fresh copy and may be transferred. */
export interface MeasureUpdate {
  readonly scores: Float32Array;
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  /** Of a model that is computed layer by layer: how far its pass over the weights is. No scores are new then. */
  readonly progress?: Progress;
  /** Where they were asked for: of the items scored since the last update; of an outcome, all scored by this call. */
  readonly details?: readonly ItemDetail[];
}

export interface MeasureOutcome extends MeasureUpdate {
  /** False when cancelled between batches: what is scored is kept. */
  readonly complete: boolean;
  readonly backend: BackendKind;
  readonly tokens: number;
  /** What of the tasks was cut to the model's length, one sentence a task. */
  readonly warnings?: readonly string[];
}

/**
 * Where a merged model goes: a folder on disk (in Node by its path), or one in the browser's own storage, to be downloaded
 * from there.
 */
export type MergeTarget =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "handle"; readonly handle: FileSystemDirectoryHandle }
  | { readonly kind: "opfs"; readonly path: string };

/** A merge to write. Components, α, method and name stand in the recipe, which goes into the folder with its card. */
export interface WriteRequest {
  readonly recipe: Recipe;
  readonly dtype: WritableDtype;
  /** Round every operation to `dtype` as mergekit does; see TensorTask. */
  readonly mergekit: boolean;
  /** Most bytes of a weight file. */
  readonly shardBytes: number;
  readonly target: MergeTarget;
}

export interface WriteOutcome {
  /** Weight files first, then config.json, tokenizer files, README.md and the recipe. */
  readonly files: readonly WrittenFile[];
  readonly seconds: number;
}

/** Remote bytes that are kept in the browser's storage, checkpoint by checkpoint. */
export interface CacheState {
  readonly entries: readonly CacheEntry[];
  readonly usage: CacheUsage;
}

/** `RunCode` across a worker boundary: a job is cancelled by its number. */
export interface RemoteRunCode {
  run(id: number, job: Parameters<RunCode>[0]): ReturnType<RunCode>;
  cancel(id: number): void;
}

/** What the engine worker exposes through comlink. Aborts cross as `cancel(id)`: an AbortSignal is not cloneable. */
export interface EngineWorkerApi {
  start(options: StartOptions): Promise<Result<BackendInfo>>;
  /** What a folder holds, before it is a member of a set. */
  inspect(id: number, folder: FolderRef): Promise<Result<CheckpointSummary>>;
  openSet(id: number, set: SetReference, onProgress: (p: Progress) => void): Promise<Result<OpenedSet>>;
  /** Reads all weights of the open set once: update magnitudes, cosines, checksums. */
  checkHealth(id: number, onProgress: (p: Progress) => void): Promise<Result<SetInfo>>;
  write(id: number, request: WriteRequest, onProgress: (p: Progress) => void): Promise<Result<WriteOutcome>>;
  /** Remote bytes kept in the browser's storage. */
  cacheState(): Promise<CacheState>;
  evict(key: string | null): Promise<CacheState>;
  setCacheBudget(bytes: number): Promise<CacheState>;
  measure(
    id: number,
    request: MeasureRequest,
    onUpdate: (u: MeasureUpdate) => void,
  ): Promise<Result<MeasureOutcome>>;
  /** The open set is scored on these tasks from now on; null stands for its own. */
  setTasks(id: number, tasks: TaskBundle | null): Promise<Result<TaskSetLayout>>;
  previewItem(task: number, item: number): Promise<Result<ItemPreview>>;
  measureItem(id: number, request: ItemMeasureRequest): Promise<Result<ItemMeasurement>>;
  /** Registers who runs generated Python; the page does, since only it can make a sandbox. */
  setCodeRunner(run: RemoteRunCode): void;
  cancel(id: number): void;
  /** Registers who is told when the engine went on with another device or backend by itself, and why. */
  listen(onRestart: (why: string, backend?: BackendInfo) => void): void;
  /** Answers as soon as the worker handles messages: between batches. */
  ping(): boolean;
  /** Test hooks that make real failures: destroys the GPU device, or throws out of the worker. */
  breakForTest(what: "lose-device" | "die"): void;
}

export type { Problem, Result };
