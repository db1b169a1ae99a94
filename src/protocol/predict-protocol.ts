import type { Mixture } from "../core/mixture/mixture";
import type { FitRow, Surface } from "../core/predict/surface";
import type { Result } from "../core/result";
import type { TargetId } from "../core/scoring/measurement";

export interface RecommendRequest {
  readonly surface: Surface;
  /** Targets whose percentile ranks are averaged: the domains (paper). */
  readonly targets: readonly TargetId[];
  readonly components: number;
  readonly prior: readonly number[];
  readonly candidates: number;
  /** Top mixtures returned, best first. */
  readonly keep: number;
  readonly seed: number;
}

export interface Recommendation {
  /** Best first, `keep` long at most. */
  readonly top: readonly Mixture[];
  /** Average of the top `average` mixtures, rounded to the grid. */
  readonly mean: Mixture;
  readonly candidates: number;
}

export interface PredictWorkerApi {
  /** Fits one Gaussian process a target; "not-enough-data" below the minimum number of distinct mixtures. */
  fit(rows: readonly FitRow[], targets: readonly TargetId[], seed: number): Promise<Result<Surface>>;
  recommend(request: RecommendRequest): Promise<Result<Recommendation>>;
}
