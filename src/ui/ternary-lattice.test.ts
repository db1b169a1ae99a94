import fc from "fast-check";
import { expect, test } from "vitest";
import { type Barycentric, sliceLattice } from "../core/mixture/slice";
import { contourLevels, contours } from "./ternary-contours";
import { clampBarycentric } from "./ternary-geometry";
import { hatchedPolygons, hatchedShare, tooUncertain } from "./ternary-hatching";
import { eachCell, latticeIndex, latticeSize, latticeWeights } from "./ternary-lattice";

const STEPS = 7;
const POINTS = sliceLattice(STEPS);
const linear = (p: Barycentric) => 3 * p[0] - 2 * p[1] + 0.5 * p[2];
const FIELD = { steps: STEPS, values: Float64Array.from(POINTS, linear) };

test("indices follow the order of sliceLattice", () => {
  expect(POINTS.length).toBe(latticeSize(STEPS));
  POINTS.forEach((p, at) => {
    expect(latticeIndex(STEPS, Math.round(p[0] * STEPS), Math.round(p[1] * STEPS))).toBe(at);
  });
  let cells = 0;
  eachCell(STEPS, () => cells++);
  expect(cells).toBe(STEPS * STEPS);
});

test("interpolation is exact for linear fields, everywhere in the triangle", () => {
  const coordinate = fc.double({ min: -0.5, max: 1.5, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, (a, b) => {
      const p = clampBarycentric([a, b, 1 - a - b]);
      const index = new Int32Array(3);
      const weight = new Float32Array(3);
      latticeWeights(STEPS, p, index, weight, 0);
      const value = [0, 1, 2].reduce((s, k) => s + FIELD.values[index[k]!]! * weight[k]!, 0);
      expect(value).toBeCloseTo(linear(p), 5);
    }),
    {
      examples: [
        [1, 0],
        [0, 1],
        [0, 0],
        [0.5, 0.5],
      ],
    },
  );
});

test("levels are round and between the extremes", () => {
  expect(contourLevels([0.512, 0.558], 5).map((x) => x.toFixed(2))).toEqual(["0.52", "0.53", "0.54", "0.55"]);
  expect(contourLevels([1, 1], 5)).toEqual([]);
});

test("contours of a linear field lie on its level", () => {
  for (const { level, pieces } of contours(FIELD, contourLevels(FIELD.values, 5))) {
    expect(pieces.length).toBeGreaterThan(0);
    expect(pieces.length % 4).toBe(0);
    for (let k = 0; k < pieces.length; k += 2) {
      const a = pieces[k]! / STEPS;
      const b = pieces[k + 1]! / STEPS;
      expect(linear([a, b, 1 - a - b])).toBeCloseTo(level, 9);
    }
  }
});

test("hatching stands where the interval is wider than the spread of the scores", () => {
  expect(tooUncertain(0.3, 1)).toBe(true);
  expect(tooUncertain(0.25, 1)).toBe(false);
  const sd = Float64Array.from(POINTS, (p) => p[0]);
  const spread = 2 * 1.96 * 0.5;
  const polygons = hatchedPolygons({ steps: STEPS, sd, spread });
  for (const polygon of polygons) {
    for (let k = 0; k < polygon.length; k += 2)
      expect(polygon[k]! / STEPS).toBeGreaterThanOrEqual(0.5 - 1e-9);
  }
  // The part above one half of the height is a quarter of the triangle.
  const area = polygons.reduce((sum, p) => {
    let twice = 0;
    for (let k = 0; k < p.length; k += 2) {
      const n = (k + 2) % p.length;
      twice += p[k]! * p[n + 1]! - p[n]! * p[k + 1]!;
    }
    return sum + Math.abs(twice) / 2;
  }, 0);
  expect(area / ((STEPS * STEPS) / 2)).toBeCloseTo(0.25, 9);
  expect(hatchedShare({ steps: STEPS, sd: new Float64Array(10), spread: 1 })).toBe(0);
});
