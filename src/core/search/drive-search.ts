import type { Mixture } from "../mixture/mixture";
import type { FitRow, Surface } from "../predict/surface";
import { fail, type Result } from "../result";
import type { TargetId } from "../scoring/measurement";
import {
  afterFit,
  type Measured,
  nextStep,
  type SearchConfig,
  type SearchState,
  type SearchStep,
  startSearch,
} from "./demix-search";
import type { Recommendation, RecommendRequest } from "./recommend";

/** What a search needs from outside: the journal, the engine and the predictor. */
export interface SearchTools {
  readonly measured: Measured;
  /** Measures completely and journals, so that `measured` knows it afterwards. */
  measure(signal: AbortSignal, alpha: Mixture): Promise<Result<unknown>>;
  fit(
    signal: AbortSignal,
    rows: readonly FitRow[],
    targets: readonly TargetId[],
    seed: number,
  ): Promise<Result<Surface>>;
  recommend(signal: AbortSignal, request: RecommendRequest): Promise<Result<Recommendation>>;
  /** Called before each step, and after each measurement. */
  onStep?(state: SearchState, step: SearchStep): void;
}

export type Finished = Extract<SearchStep, { kind: "finished" }>;

/**
 * Runs a search to its end. An abort gives "cancelled" and loses nothing: calling it again with the same configuration goes
 * through the journalled part without measuring and continues (pause and resume after a reload are the same thing).
 */
export async function driveSearch(
  signal: AbortSignal,
  config: SearchConfig,
  tools: SearchTools,
): Promise<Result<Finished>> {
  let state = startSearch(config);
  for (;;) {
    if (signal.aborted) return fail("cancelled", "The search was stopped.");
    const step = nextStep(state, tools.measured);
    tools.onStep?.(state, step);
    if (step.kind === "finished") return { ok: true, value: step };
    if (step.kind === "measure") {
      const alpha = step.mixtures[0]!;
      const outcome = await tools.measure(signal, alpha);
      if (!outcome.ok) return outcome;
      if (!signal.aborted && !tools.measured(alpha)) {
        return fail("backend", `The mixture ${alpha.join(" ")} was measured but is not in the journal.`);
      }
      continue;
    }
    const surface = await tools.fit(signal, step.rows, config.targets, step.seed);
    if (!surface.ok) return surface;
    const recommendation = await tools.recommend(signal, { ...step.request, surface: surface.value });
    if (!recommendation.ok) return recommendation;
    state = afterFit(state, recommendation.value);
  }
}
