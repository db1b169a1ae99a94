import { type Remote, wrap } from "comlink";
import type { AverageRank } from "../core/rank/average-rank";
import type { Consistency } from "../core/rank/consistency";
import { fail, ok, type Result } from "../core/result";
import type { AverageRankRequest, ConsistencyRequest, RankWorkerApi } from "../protocol/rank-protocol";

/** Rank figures with their bootstrap intervals, computed behind a worker, one call after another. */
export interface Ranker {
  /** A call whose signal is aborted before its turn is dropped; one that runs is finished unseen. */
  consistency(signal: AbortSignal, request: ConsistencyRequest): Promise<Result<Consistency>>;
  averageRanks(signal: AbortSignal, request: AverageRankRequest): Promise<Result<AverageRank[]>>;
}

interface Live {
  readonly worker: Worker;
  readonly api: Remote<RankWorkerApi>;
  readonly death: Promise<never>;
}

const spawnRankWorker = (): Worker =>
  new Worker(new URL("../../workers/rank.worker.ts", import.meta.url), { type: "module" });

export function createRanker(spawn: () => Worker = spawnRankWorker): Ranker {
  let live: Live | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const start = (): Live => {
    const worker = spawn();
    const death = new Promise<never>((_, reject) => {
      worker.addEventListener("error", (event) => reject(new Error(event.message || "it stopped")));
      worker.addEventListener("messageerror", () => reject(new Error("a message could not be read")));
    });
    death.catch(() => {
      worker.terminate();
      live = null;
    });
    return { worker, api: wrap<RankWorkerApi>(worker), death };
  };

  const call = <T>(signal: AbortSignal, run: (api: Remote<RankWorkerApi>) => Promise<T>) => {
    const turn = queue.then(async (): Promise<Result<T>> => {
      if (signal.aborted) return fail("cancelled", "The figures are not needed any more.");
      live ??= start();
      try {
        return ok(await Promise.race([run(live.api), live.death]));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return fail("worker-died", `The rank figures could not be computed: ${why}.`);
      }
    });
    queue = turn;
    return turn;
  };

  return {
    consistency: (signal, request) => call(signal, (api) => api.consistency(request)),
    averageRanks: (signal, request) => call(signal, (api) => api.averageRanks(request)),
  };
}
