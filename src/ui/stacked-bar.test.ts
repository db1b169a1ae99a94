import { expect, test } from "vitest";
import { boundaries, moveBoundary, pickBoundary } from "./stacked-bar";

test("a boundary moves between its neighbours only", () => {
  const shares = [0.2, 0.3, 0.5];
  expect(boundaries(shares)).toEqual([0.2, 0.5]);
  expect(moveBoundary(shares, 0, 0.4).map((x) => x.toFixed(3))).toEqual(["0.400", "0.100", "0.500"]);
  expect(moveBoundary(shares, 0, 0.9)).toEqual([0.5, 0, 0.5]);
  expect(moveBoundary(shares, 1, 0)).toEqual([0.2, 0, 0.8]);
});

test("the nearest boundary in reach is picked", () => {
  expect(pickBoundary([0.2, 0.3, 0.5], 0.22, 0.05, 1)).toBe(0);
  expect(pickBoundary([0.2, 0.3, 0.5], 0.49, 0.05, 1)).toBe(1);
  expect(pickBoundary([0.2, 0.3, 0.5], 0.35, 0.05, 1)).toBeNull();
  expect(pickBoundary([0.2, 0.3, 0.5], 0.22, 0.05, 1, [true, false])).toBeNull();
});

test("coinciding boundaries are told apart by the direction", () => {
  expect(pickBoundary([1, 0, 0, 0], 0.99, 0.05, -1)).toBe(0);
  expect(pickBoundary([0, 0, 0, 1], 0.01, 0.05, 1)).toBe(2);
});
