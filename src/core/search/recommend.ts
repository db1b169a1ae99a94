import { type Mixture, toMixture } from "../mixture/mixture";
import { type SamplerKind, STEP, sampleUnits } from "../mixture/sampler";
import { predictMany } from "../predict/gaussian-process";
import type { Surface } from "../predict/surface";
import { fail, ok, type Result } from "../result";
import type { TargetId } from "../scoring/measurement";
import { meanPercentileRank, topIndices } from "./percentile-rank";

export interface RecommendRequest {
  readonly surface: Surface;
  /** Targets whose percentile ranks are averaged: the domains (paper). */
  readonly targets: readonly TargetId[];
  readonly components: number;
  /** Dataset sizes, any unit; steers the candidates of the "release" sampler. */
  readonly prior: readonly number[];
  /** How candidates are drawn; "release" when absent. */
  readonly kind?: SamplerKind;
  readonly candidates: number;
  /** Top mixtures returned, best first. */
  readonly keep: number;
  /** How many of the best are averaged; all that are kept when absent. */
  readonly average?: number;
  readonly seed: number;
}

export interface Recommendation {
  /** Best first, `keep` long at most. */
  readonly top: readonly Mixture[];
  /** Average of the best `average` mixtures, rounded to the grid. */
  readonly mean: Mixture;
  /** Distinct candidates that were scored. */
  readonly candidates: number;
}

/**
 * Scores fresh candidates with the fitted surface and ranks them by the mean over targets of their percentile rank
 * (method §3, steps 4 and 5). "not-enough-data" when a target has no model.
 */
export function recommend(request: RecommendRequest): Result<Recommendation> {
  const { surface, targets, components: k, prior, candidates, keep, average = keep, seed } = request;
  const missing = targets.filter((t) => !surface.models[t]);
  if (targets.length === 0 || missing.length > 0) {
    const why = missing.map((t) => surface.skipped?.[t] ?? `${t} has no prediction.`).join(" ");
    return fail("not-enough-data", why || "There is no target to rank candidates by.");
  }
  const { units, rows } = sampleUnits({
    components: k,
    count: candidates,
    seed,
    kind: request.kind ?? "release",
    prior,
  });
  const roots = squareRoots();
  const sqrtAlphas = new Float64Array(rows * k);
  for (let i = 0; i < sqrtAlphas.length; i++) sqrtAlphas[i] = roots[units[i]!]!;
  const means = targets.map((t) => predictMany(surface.models[t]!, sqrtAlphas, k).mean);
  const best = topIndices(meanPercentileRank(means), Math.max(keep, average));
  const mixtures = best.map((r) => toMixture(Array.from(units.subarray(r * k, (r + 1) * k))));
  return ok({
    top: mixtures.slice(0, keep),
    mean: meanMixture(mixtures.slice(0, average)),
    candidates: rows,
  });
}

/** Plain average of mixtures, rounded to the grid. */
export function meanMixture(mixtures: readonly Mixture[]): Mixture {
  const sum = new Array<number>(mixtures[0]?.length ?? 0).fill(0);
  for (const alpha of mixtures) {
    for (let i = 0; i < sum.length; i++) sum[i]! += alpha[i]!;
  }
  return toMixture(sum);
}

/** √(u · 2e-4) for every number of steps: a candidate's shares are multiples of the step. */
function squareRoots(): Float64Array {
  return Float64Array.from({ length: Math.round(1 / STEP) + 1 }, (_, u) => Math.sqrt(u * STEP));
}
