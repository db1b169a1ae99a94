import { type Remote, wrap } from "comlink";
import type { FitRow, Surface } from "../core/predict/surface";
import { fail, type Result } from "../core/result";
import type { TargetId } from "../core/scoring/measurement";
import type { PredictWorkerApi, Recommendation, RecommendRequest } from "../protocol/predict-protocol";

/** The predictor behind its worker. Calls are queued; an aborted or failed call never harms the next one. */
export interface Predictor {
  fit(
    signal: AbortSignal,
    rows: readonly FitRow[],
    targets: readonly TargetId[],
    seed: number,
  ): Promise<Result<Surface>>;
  recommend(signal: AbortSignal, request: RecommendRequest): Promise<Result<Recommendation>>;
  close(): void;
}

export const spawnPredictWorker = (): Worker =>
  new Worker(new URL("../../workers/predict.worker.ts", import.meta.url), { type: "module" });

interface Live {
  readonly worker: Worker;
  readonly api: Remote<PredictWorkerApi>;
  /** Resolves with the reason when the worker dies; comlink itself would wait for ever. */
  readonly death: Promise<string>;
}

const cancelled = <T>(): Result<T> => fail("cancelled", "The prediction is not needed any more.");

/**
 * Starts the worker at the first call and a fresh one after a death. A cancelled call that has not begun is dropped; one
 * that has begun answers "cancelled" at once while the worker finishes it unseen.
 */
export function createPredictor(spawn: () => Worker = spawnPredictWorker): Predictor {
  let live: Live | null = null;
  let closed = false;
  let queue: Promise<unknown> = Promise.resolve();

  const bury = (dead: Live) => {
    dead.worker.terminate();
    if (live === dead) live = null;
  };
  const start = (): Live => {
    const worker = spawn();
    const death = new Promise<string>((resolve) => {
      worker.addEventListener("error", (event) => resolve(event.message || "it could not be loaded"));
      worker.addEventListener("messageerror", () => resolve("a message could not be read"));
    });
    const started: Live = { worker, api: wrap<PredictWorkerApi>(worker), death };
    void death.then(() => bury(started));
    return started;
  };

  const call = <T>(signal: AbortSignal, run: (api: Remote<PredictWorkerApi>) => Promise<Result<T>>) => {
    const turn = queue.then(async (): Promise<Result<T>> => {
      if (signal.aborted || closed) return cancelled();
      live ??= start();
      const { api, death } = live;
      const died = death.then((why) =>
        fail<T>("worker-died", `The predictor stopped: ${why}.`, {
          remedy: "It starts again with the next prediction.",
        }),
      );
      try {
        return await Promise.race([run(api), died]);
      } catch (error) {
        return fail(
          "worker-died",
          `The predictor failed: ${error instanceof Error ? error.message : String(error)}.`,
        );
      }
    });
    queue = turn;
    return Promise.race([turn, aborted<T>(signal)]);
  };

  return {
    fit: (signal, rows, targets, seed) => call(signal, (api) => api.fit(rows, targets, seed)),
    recommend: (signal, request) => call(signal, (api) => api.recommend(request)),
    close() {
      closed = true;
      if (live) bury(live);
    },
  };
}

function aborted<T>(signal: AbortSignal): Promise<Result<T>> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(cancelled());
    signal.addEventListener("abort", () => resolve(cancelled()), { once: true });
  });
}
