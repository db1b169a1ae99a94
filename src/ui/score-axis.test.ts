import { expect, test } from "vitest";
import { axisPercent, isOnAxis, scoreAxis } from "./score-axis";

test("the axis spans the values and leaves room for intervals, but not too much", () => {
  expect(scoreAxis([Number.NaN])).toBeNull();
  const plain = scoreAxis([0.4, 0.5, Number.NaN])!;
  expect(plain.low).toBeCloseTo(0.392, 9);
  expect(plain.high).toBeCloseTo(0.508, 9);
  expect(scoreAxis([0.4, 0.5], 0.02)!.low).toBeCloseTo(0.38, 9);
  expect(scoreAxis([0.4, 0.5], 1)!.high).toBeCloseTo(0.575, 9);
  const single = scoreAxis([0.4])!;
  expect(single.high).toBeGreaterThan(single.low);
});

test("places are clamped to the axis", () => {
  const axis = { low: 0, high: 2 };
  expect([-1, 0.5, 3].map((v) => axisPercent(axis, v))).toEqual([0, 25, 100]);
  expect([-1, 0.5, 3].map((v) => isOnAxis(axis, v))).toEqual([false, true, false]);
});
