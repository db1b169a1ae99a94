import { type Mixture, toMixture } from "./mixture";

/** Barycentric coordinates in a ternary plot: ≥ 0, sum 1. */
export type Barycentric = readonly [number, number, number];
/** The three components of a ternary plot, as indices of α. */
export type Axes = readonly [number, number, number];

/** What the held components leave for the three of the plot, in [0, 1]; 0 makes the triangle a single mixture. */
export const sliceRoom = (alpha: readonly number[], axes: Axes): number =>
  Math.max(
    0,
    axes.reduce((sum, i) => sum + alpha[i]!, 0),
  );

/** Weights at a point of the triangle, the other components held at α. Not rounded to the grid. */
export function sliceWeights(p: Barycentric, alpha: readonly number[], axes: Axes): number[] {
  const room = sliceRoom(alpha, axes);
  const weights = [...alpha];
  axes.forEach((i, corner) => {
    weights[i] = room * p[corner]!;
  });
  return weights;
}

/** The same, on the grid: negative coordinates (a pointer outside the triangle) are clamped first. */
export function sliceMixture(p: Barycentric, alpha: Mixture, axes: Axes): Mixture {
  const inside = p.map((x) => Math.max(0, x));
  const total = inside.reduce((a, b) => a + b, 0);
  const [x, y, z] = total > 0 ? inside.map((v) => v / total) : [1 / 3, 1 / 3, 1 / 3];
  return toMixture(sliceWeights([x!, y!, z!], alpha, axes));
}

/** Where α stands in the triangle; the centre when the three shares are all 0. */
export function slicePoint(alpha: readonly number[], axes: Axes): Barycentric {
  const room = sliceRoom(alpha, axes);
  if (room <= 0) return [1 / 3, 1 / 3, 1 / 3];
  return [alpha[axes[0]]! / room, alpha[axes[1]]! / room, alpha[axes[2]]! / room];
}

/** Total variation distance in [0, 1] from a mixture to the plane of the slice: how far its held shares are off. */
export function sliceDistance(mixture: readonly number[], alpha: readonly number[], axes: Axes): number {
  let sum = 0;
  mixture.forEach((share, i) => {
    if (!axes.includes(i)) sum += Math.abs(share - alpha[i]!);
  });
  return (sum + Math.abs(sliceRoom(mixture, axes) - sliceRoom(alpha, axes))) / 2;
}

/** Triangular lattice with `steps` intervals a side: (steps + 1)(steps + 2) / 2 points; 53 steps give 1,485. */
export function sliceLattice(steps: number): Barycentric[] {
  const points: Barycentric[] = [];
  for (let i = 0; i <= steps; i++) {
    for (let j = 0; j <= steps - i; j++) points.push([i / steps, j / steps, (steps - i - j) / steps]);
  }
  return points;
}

/** √α of every point, row-major: the input of `predictMany`. */
export function sliceSqrt(
  points: readonly Barycentric[],
  alpha: readonly number[],
  axes: Axes,
): Float64Array {
  const k = alpha.length;
  const out = new Float64Array(points.length * k);
  const held = alpha.map((a) => Math.sqrt(Math.max(0, a)));
  const scale = Math.sqrt(sliceRoom(alpha, axes));
  points.forEach((p, r) => {
    out.set(held, r * k);
    axes.forEach((i, corner) => {
      out[r * k + i] = scale * Math.sqrt(Math.max(0, p[corner]!));
    });
  });
  return out;
}
