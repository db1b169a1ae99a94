import type { Barycentric } from "../core/mixture/slice";

/**
 * Values on the points of `sliceLattice(steps)`: row i holds first coordinate i/steps, in it j counts the second.
 * Everything here works on lattice indices and knows nothing of pixels.
 */
export interface TernaryField {
  readonly steps: number;
  readonly values: Float64Array;
}

export const latticeSize = (steps: number): number => ((steps + 1) * (steps + 2)) / 2;

/** Index of the lattice point with first coordinate i/steps and second j/steps. */
export const latticeIndex = (steps: number, i: number, j: number): number =>
  i * (steps + 1) - (i * (i - 1)) / 2 + j;

/** The three lattice points around a point inside the triangle, with their weights, written at `at`. */
export function latticeWeights(
  steps: number,
  p: Barycentric,
  index: Int32Array,
  weight: Float32Array,
  at: number,
): void {
  const u = p[0] * steps;
  const v = p[1] * steps;
  const i = Math.min(Math.floor(u), steps - 1);
  const j = Math.min(Math.floor(v), steps - 1 - i);
  const fu = u - i;
  const fv = v - j;
  if (fu + fv <= 1 || i + j + 2 > steps) {
    index[at] = latticeIndex(steps, i, j);
    weight[at] = Math.max(0, 1 - fu - fv);
    index[at + 1] = latticeIndex(steps, i + 1, j);
    weight[at + 1] = fu;
    index[at + 2] = latticeIndex(steps, i, j + 1);
    weight[at + 2] = fv;
  } else {
    index[at] = latticeIndex(steps, i + 1, j + 1);
    weight[at] = fu + fv - 1;
    index[at + 1] = latticeIndex(steps, i, j + 1);
    weight[at + 1] = 1 - fu;
    index[at + 2] = latticeIndex(steps, i + 1, j);
    weight[at + 2] = 1 - fv;
  }
}

/** Calls `visit` with every small triangle's three lattice points (indices and coordinates in steps). */
export function eachCell(
  steps: number,
  visit: (a: LatticePoint, b: LatticePoint, c: LatticePoint) => void,
): void {
  const point = (i: number, j: number): LatticePoint => ({ index: latticeIndex(steps, i, j), i, j });
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps - i; j++) {
      visit(point(i, j), point(i + 1, j), point(i, j + 1));
      if (i + j + 2 <= steps) visit(point(i + 1, j + 1), point(i, j + 1), point(i + 1, j));
    }
  }
}

export interface LatticePoint {
  readonly index: number;
  readonly i: number;
  readonly j: number;
}

/** Smallest and largest finite value; NaN for none. */
export function extent(values: ArrayLike<number>): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : [Number.NaN, Number.NaN];
}
