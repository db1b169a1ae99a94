import fc from "fast-check";
import { expect, test } from "vitest";
import type { Barycentric } from "../core/mixture/slice";
import {
  arrowStep,
  clampBarycentric,
  holdLocked,
  ternaryFrame,
  toBarycentric,
  toXy,
} from "./ternary-geometry";

const NONE = { top: 0, right: 0, bottom: 0, left: 0 };
const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
const sum = (p: Barycentric) => p[0] + p[1] + p[2];

test("the triangle fills the smaller of the two rooms", () => {
  expect(ternaryFrame(400, 1000, NONE).side).toBe(400);
  expect(ternaryFrame(1000, 433.0127, NONE).side).toBeCloseTo(500, 3);
  expect(ternaryFrame(10, 10, { ...NONE, left: 20 }).side).toBe(0);
});

test("pixels and coordinates invert each other, inside and outside", () => {
  const frame = ternaryFrame(640, 480, { top: 20, right: 40, bottom: 30, left: 10 });
  fc.assert(
    fc.property(coordinate, coordinate, (a, b) => {
      const p: Barycentric = [a, b, 1 - a - b];
      const [x, y] = toXy(frame, p);
      toBarycentric(frame, x, y).forEach((v, i) => {
        expect(v).toBeCloseTo(p[i]!, 9);
      });
    }),
  );
});

test("clamping lands on the triangle, keeps what is inside and is nearest", () => {
  fc.assert(
    fc.property(coordinate, coordinate, (a, b) => {
      const p: Barycentric = [a, b, 1 - a - b];
      const q = clampBarycentric(p);
      expect(sum(q)).toBeCloseTo(1, 9);
      expect(Math.min(...q)).toBeGreaterThanOrEqual(0);
      if (Math.min(...p) >= 0) for (let i = 0; i < 3; i++) expect(q[i]).toBeCloseTo(p[i]!, 9);
      const distance = (r: Barycentric) => r.reduce((s, v, i) => s + (v - p[i]!) ** 2, 0);
      for (const corner of [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [0.5, 0.5, 0],
      ] as const)
        expect(distance(q)).toBeLessThanOrEqual(distance(corner) + 1e-9);
    }),
  );
});

test("arrow keys keep the sum and stop at the edges", () => {
  const keys = fc.constantFrom("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "2", "0");
  fc.assert(
    fc.property(coordinate, coordinate, keys, (a, b, key) => {
      const next = arrowStep(clampBarycentric([a, b, 1 - a - b]), key, 0.05)!;
      expect(sum(next)).toBeCloseTo(1, 9);
      expect(Math.min(...next)).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(arrowStep([0.2, 0.4, 0.4], "ArrowUp", 0.1)!.map((v) => v.toFixed(2))).toEqual([
    "0.30",
    "0.35",
    "0.35",
  ]);
  expect(arrowStep([1, 0, 0], "ArrowDown", 0.1)!.map((v) => v.toFixed(2))).toEqual(["0.90", "0.05", "0.05"]);
  expect(arrowStep([1, 0, 0], "x", 0.1)).toBeNull();
});

test("locked corners keep their share", () => {
  const now: Barycentric = [0.2, 0.3, 0.5];
  expect(holdLocked([1, 0, 0], now, [])).toEqual([1, 0, 0]);
  expect(holdLocked([0.4, 0.4, 0.2], now, [true]).map((v) => v.toFixed(3))).toEqual([
    "0.200",
    "0.533",
    "0.267",
  ]);
  expect(holdLocked([1, 0, 0], now, [true])).toEqual([0.2, 0.4, 0.4]);
  expect(holdLocked([0, 0, 1], now, [true, true])).toEqual(now);
});
