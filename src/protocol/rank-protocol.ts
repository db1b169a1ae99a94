import type { AverageRank } from "../core/rank/average-rank";
import type { BootstrapOptions, Consistency } from "../core/rank/consistency";
import type { ScoreView, TaskSetLayout } from "../core/scoring/task";

export interface ConsistencyRequest {
  readonly layout: TaskSetLayout;
  /** proxies[i] stands for the same mixture as references[i]. */
  readonly proxies: readonly Float32Array[];
  readonly references: readonly Float32Array[];
  readonly view: ScoreView;
  readonly options: BootstrapOptions;
}

export interface AverageRankRequest {
  readonly layout: TaskSetLayout;
  readonly references: readonly Float32Array[];
  readonly candidates: readonly Float32Array[];
  readonly view: ScoreView;
  readonly options: BootstrapOptions;
}

/** What the rank worker exposes through comlink: bootstraps take too long for the page's thread. */
export interface RankWorkerApi {
  consistency(request: ConsistencyRequest): Promise<Consistency>;
  averageRanks(request: AverageRankRequest): Promise<AverageRank[]>;
}
