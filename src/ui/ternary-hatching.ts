import { eachCell, extent, type LatticePoint } from "./ternary-lattice";

/** Standard deviations of the prediction on a lattice, with the spread of the predicted scores they are judged by. */
export interface Uncertainty {
  readonly steps: number;
  readonly sd: Float64Array;
  /** max − min of the predicted scores on the slice. */
  readonly spread: number;
}

export const Z95 = 1.96;

export const spreadOf = (values: ArrayLike<number>): number => {
  const [low, high] = extent(values);
  return high - low;
};

/** The rule: hatched where the 95 % predictive interval is wider than the spread of the scores. */
export const tooUncertain = (sd: number, spread: number): boolean => 2 * Z95 * sd > spread;

/** Share of the triangle's lattice points that the rule hatches. */
export function hatchedShare({ sd, spread }: Uncertainty): number {
  let count = 0;
  for (const s of sd) if (tooUncertain(s, spread)) count++;
  return sd.length > 0 ? count / sd.length : 0;
}

/** Polygons that cover the hatched region: each a flat list x0, y0, x1, y1, … in lattice units. */
export function hatchedPolygons({ steps, sd, spread }: Uncertainty): number[][] {
  const excess = (p: LatticePoint) => 2 * Z95 * sd[p.index]! - spread;
  const polygons: number[][] = [];
  eachCell(steps, (a, b, c) => {
    const corners = [a, b, c] as const;
    const over = corners.map(excess);
    if (over.every((x) => x <= 0)) return;
    const polygon: number[] = [];
    corners.forEach((p, k) => {
      const q = corners[(k + 1) % 3]!;
      const from = over[k]!;
      const to = over[(k + 1) % 3]!;
      if (from > 0) polygon.push(p.i, p.j);
      if (from > 0 !== to > 0) {
        const t = from / (from - to);
        polygon.push(p.i + t * (q.i - p.i), p.j + t * (q.j - p.j));
      }
    });
    polygons.push(polygon);
  });
  return polygons;
}
