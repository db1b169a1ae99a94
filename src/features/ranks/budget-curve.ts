import type { Consistency, ConsistencyRow } from "../../core/rank/consistency";
import type { TargetId } from "../../core/scoring/measurement";
import type { Approach } from "./approaches";

export type Figure = "rho" | "top25" | "recovery";

export interface BudgetPoint {
  readonly label: string;
  readonly tokens: number;
  readonly value: number;
  /** The interval; null where none can exist. */
  readonly band: readonly [number, number] | null;
  readonly n: number;
}

export interface BudgetCurve {
  /** By tokens, ascending. */
  readonly trained: readonly BudgetPoint[];
  readonly merged: BudgetPoint | null;
}

/** A figure of every approach against its tokens; undefined ρ and unknown tokens are left out of the picture (the table names them). */
export function budgetCurve(
  approaches: readonly Approach[],
  figures: readonly (Consistency | null)[],
  target: TargetId,
  figure: Figure,
): BudgetCurve {
  const points = approaches.flatMap((approach, i) => {
    const row = figures[i]?.rows.find((r) => r.target === target);
    const point = row && pointOf(approach, row, figure);
    return point ? [{ kind: approach.kind, point }] : [];
  });
  return {
    trained: points
      .filter((p) => p.kind === "trained")
      .map((p) => p.point)
      .sort((a, b) => a.tokens - b.tokens),
    merged: points.find((p) => p.kind === "merged")?.point ?? null,
  };
}

function pointOf(approach: Approach, row: ConsistencyRow, figure: Figure): BudgetPoint | null {
  const { value, low, high, n } = row[figure];
  if (Number.isNaN(value) || Number.isNaN(approach.tokens)) return null;
  const band = Number.isNaN(low) ? null : ([low, high] as const);
  return { label: approach.label, tokens: approach.tokens, value, band, n };
}

/** The trained approach whose tokens are nearest to the merged one's on a log scale: "equal budget", as far as there is one. */
export function nearestBudget(curve: BudgetCurve): BudgetPoint | null {
  const { merged, trained } = curve;
  if (!merged) return null;
  let best: BudgetPoint | null = null;
  let distance = Number.POSITIVE_INFINITY;
  for (const point of trained) {
    const d = Math.abs(Math.log(point.tokens / merged.tokens));
    if (d < distance) {
      best = point;
      distance = d;
    }
  }
  return best;
}

/** Smallest trained budget whose value reaches the merged one's; null when none does. */
export function cheapestEqual(curve: BudgetCurve): BudgetPoint | null {
  const { merged, trained } = curve;
  if (!merged) return null;
  return trained.find((p) => p.value >= merged.value) ?? null;
}
