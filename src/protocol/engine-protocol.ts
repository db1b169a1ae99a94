import type { SetInfo } from "../core/checkpoint/component-set";
import type { Problem, Result } from "../core/result";
import type { BackendKind, Subject } from "../core/scoring/measurement";
import type { TaskSetLayout } from "../core/scoring/task";

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

export interface OpenedSet {
  readonly set: SetInfo;
  readonly tasks: TaskSetLayout;
  readonly backend: BackendInfo;
}

export interface StartOptions {
  /** "auto" tries WebGPU, then WASM with threads, then WASM with one. */
  readonly backend: "auto" | BackendKind;
  readonly threads?: number;
}

export interface MeasureRequest {
  readonly subject: Subject;
  /** Item scores already known (a cancelled measurement): scored items are not computed again. */
  readonly known?: Float32Array;
  /** Stop after this many items of the stratified order; all when absent. */
  readonly limit?: number;
}

/** Sent after every batch group; `scores` is a fresh copy and may be transferred. */
export interface MeasureUpdate {
  readonly scores: Float32Array;
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
}

export interface MeasureOutcome extends MeasureUpdate {
  /** False when cancelled between batches: what is scored is kept. */
  readonly complete: boolean;
  readonly backend: BackendKind;
  readonly tokens: number;
}

/** What the engine worker exposes through comlink. Aborts cross as `cancel(id)`: an AbortSignal is not cloneable. */
export interface EngineWorkerApi {
  start(options: StartOptions): Promise<Result<BackendInfo>>;
  openSet(id: number, setUrl: string, onProgress: (p: Progress) => void): Promise<Result<OpenedSet>>;
  measure(
    id: number,
    request: MeasureRequest,
    onUpdate: (u: MeasureUpdate) => void,
  ): Promise<Result<MeasureOutcome>>;
  cancel(id: number): void;
  /** Registers who is told when the engine went on with another device or backend by itself, and why. */
  listen(onRestart: (why: string, backend?: BackendInfo) => void): void;
  /** Answers as soon as the worker handles messages: between batches. */
  ping(): boolean;
  /** Test hooks that make real failures: destroys the GPU device, or throws out of the worker. */
  breakForTest(what: "lose-device" | "die"): void;
}

export type { Problem, Result };
