import type { FitRow, Surface } from "../core/predict/surface";
import type { Result } from "../core/result";
import type { TargetId } from "../core/scoring/measurement";
import type { Recommendation, RecommendRequest } from "../core/search/recommend";

export type { Recommendation, RecommendRequest };

export interface PredictWorkerApi {
  /** Fits one Gaussian process a target; "not-enough-data" below the minimum number of distinct mixtures. */
  fit(rows: readonly FitRow[], targets: readonly TargetId[], seed: number): Promise<Result<Surface>>;
  recommend(request: RecommendRequest): Promise<Result<Recommendation>>;
}
