import { subjectText } from "../../core/scoring/address";
import type { Estimate, Measurement } from "../../core/scoring/measurement";
import type { SearchPoint } from "../../state/search-store";

export interface CurvePoint {
  /** Proxies measured so far, from 1. */
  readonly at: number;
  readonly round: number;
  readonly value: number;
  readonly best: number;
  /** 95 % interval of the best so far; null where it is not known. */
  readonly band: readonly [number, number] | null;
}

/** Best so far against proxies, in the order of the plan. `intervalOf` knows the interval of a measured mixture. */
export function bestCurve(
  points: readonly SearchPoint[],
  intervalOf: (point: SearchPoint) => Estimate | null,
): CurvePoint[] {
  let best: SearchPoint | null = null;
  let band: readonly [number, number] | null = null;
  return points.map((point, i) => {
    if (!best || point.value > best.value) {
      best = point;
      const e = intervalOf(point);
      band = e && Number.isFinite(e.low) ? [e.low, e.high] : null;
    }
    return { at: i + 1, round: point.round, value: point.value, best: best.value, band };
  });
}

/** Values that the axis must hold. A base far below the proxies would press them together: it is left out. */
export function curveEnds(curve: readonly CurvePoint[], base: number | null): number[] {
  const ends = curve.flatMap((p) => [p.value, ...(p.band ?? [])]);
  if (base === null) return ends;
  if (ends.length === 0) return [base];
  const low = Math.min(...ends);
  const spread = Math.max(...ends) - low;
  return base >= low - spread ? [...ends, base] : ends;
}

/** Proxies after which each round but the last ends. */
export function roundEnds(rounds: readonly number[]): number[] {
  let sum = 0;
  return rounds.slice(0, -1).map((n) => {
    sum += n;
    return sum;
  });
}

/** The search's points with the highest values, best first. */
export const topPoints = (points: readonly SearchPoint[], k: number): SearchPoint[] =>
  [...points].sort((a, b) => b.value - a.value).slice(0, k);

export const recordOf = (
  bySubject: ReadonlyMap<string, Measurement>,
  alpha: SearchPoint["alpha"],
): Measurement | null => bySubject.get(subjectText({ kind: "mixture", alpha })) ?? null;
