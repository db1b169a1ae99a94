import { expect, test } from "vitest";
import { niceTicks, tickDecimals } from "./nice-ticks";

test("ticks are round and inside", () => {
  expect(niceTicks(0.376, 0.398)).toEqual([0.38, 0.385, 0.39, 0.395]);
  expect(niceTicks(-0.1, 1, 5)).toEqual([0, 0.5, 1]);
  expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(niceTicks(1, 1)).toEqual([]);
});

test("decimals tell ticks apart", () => {
  expect(tickDecimals([0.38, 0.385], 100)).toBe(1);
  expect(tickDecimals([0.2, 0.4], 100)).toBe(0);
  expect(tickDecimals([])).toBe(0);
});
