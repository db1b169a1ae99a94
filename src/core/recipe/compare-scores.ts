import type { TargetId } from "../scoring/measurement";
import type { ScoreTable } from "../scoring/score-table";
import type { ScoreView } from "../scoring/task";
import type { Recipe } from "./recipe-schema";

export interface ScoreComparison {
  readonly target: TargetId;
  readonly view: ScoreView;
  readonly recorded: number;
  /** NaN when the target was not scored now. */
  readonly recomputed: number;
  readonly agrees: boolean;
}

/** Recorded against recomputed scores, all targets of both views; empty when the recipe has none. */
export function compareScores(
  recipe: Recipe,
  recomputed: Readonly<Record<ScoreView, ScoreTable>>,
): ScoreComparison[] {
  const { scores, tolerance } = recipe;
  if (!scores) return [];
  return (["continuous", "accuracy"] as const).flatMap((view) =>
    Object.entries(scores[view]).map(([target, { value }]) => {
      const now = recomputed[view][target]?.value ?? Number.NaN;
      const agrees = Math.abs(now - value) <= tolerance[view];
      return { target, view, recorded: value, recomputed: now, agrees };
    }),
  );
}
