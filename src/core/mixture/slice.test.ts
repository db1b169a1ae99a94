import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMixture, toMixture } from "./mixture";
import {
  sliceDistance,
  sliceLattice,
  sliceMixture,
  slicePoint,
  sliceRoom,
  sliceSqrt,
  sliceWeights,
} from "./slice";

const alpha = [0.1, 0.2, 0.3, 0.15, 0.25];
const axes = [4, 0, 2] as const;

describe("slice", () => {
  it("leads to the point and back with the others held", () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(100), fc.nat(100), fc.integer({ min: 1, max: 100 })), ([a, b, c]) => {
        const total = a + b + c;
        const p = [a / total, b / total, c / total] as const;
        const weights = sliceWeights(p, alpha, axes);
        expect(weights.reduce((s, w) => s + w)).toBeCloseTo(1, 12);
        expect([weights[1], weights[3]]).toEqual([0.2, 0.15]);
        slicePoint(weights, axes).forEach((x, i) => {
          expect(x).toBeCloseTo(p[i]!, 9);
        });
      }),
    );
    expect(sliceRoom(alpha, axes)).toBeCloseTo(0.65, 12);
  });

  it("clamps a pointer outside the triangle and gives a mixture", () => {
    const m = sliceMixture([1.4, -0.4, 0], alpha, axes);
    expect(isMixture(m, 5)).toBe(true);
    expect(m[4]).toBeCloseTo(0.65, 4);
    expect(m[0]).toBe(0);
  });

  it("has a centre when nothing is left for the three", () => {
    expect(slicePoint([0, 0.5, 0, 0.5, 0], axes)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it("measures how far a mixture stands from the plane", () => {
    expect(sliceDistance([0.25, 0.2, 0.3, 0.15, 0.1], alpha, axes)).toBeCloseTo(0, 12);
    expect(sliceDistance([0.1, 0.4, 0.1, 0.15, 0.25], alpha, axes)).toBeCloseTo(0.2, 12);
  });

  it("lays out points and their roots", () => {
    const points = sliceLattice(4);
    expect(points).toHaveLength(15);
    const roots = sliceSqrt(points, alpha, axes);
    points.forEach((p, r) => {
      const weights = sliceWeights(p, alpha, axes);
      weights.forEach((w, i) => {
        expect(roots[r * 5 + i]).toBeCloseTo(Math.sqrt(w), 12);
      });
    });
    expect(isMixture(toMixture(sliceWeights(points[3]!, alpha, axes)), 5)).toBe(true);
  });
});
