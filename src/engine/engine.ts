import type { Result } from "../core/result";
import type {
  BackendInfo,
  MeasureOutcome,
  MeasureRequest,
  MeasureUpdate,
  OpenedSet,
  Progress,
  StartOptions,
} from "../protocol/engine-protocol";

/**
 * One interface, two implementations: the worker bridge (browser) and the in-process engine (Node, tests).
 * Calls are queued; every one may be repeated after any failure; an abort takes effect between batches.
 */
export interface Engine {
  start(signal: AbortSignal, options: StartOptions): Promise<Result<BackendInfo>>;
  openSet(signal: AbortSignal, setUrl: string, onProgress: (p: Progress) => void): Promise<Result<OpenedSet>>;
  /** An abort resolves with `complete: false` and the item scores so far. */
  measure(
    signal: AbortSignal,
    request: MeasureRequest,
    onUpdate: (u: MeasureUpdate) => void,
  ): Promise<Result<MeasureOutcome>>;
  /**
   * Called with a sentence when the engine failed and started over by itself (worker death, device loss), and with the
   * backend that it goes on with where that is known.
   */
  onRestart(listener: (why: string, backend?: BackendInfo) => void): () => void;
  close(): void;
}
