import { expect, test } from "vitest";
import { correlation, decimalsFor, signedPoints, spoken, withInterval } from "./format";

const estimate = (value: number, half: number) => ({ value, low: value - half, high: value + half, n: 9 });

test("decimals follow the interval", () => {
  expect([0.1, 0.012, 0.0031, 0.00004, Number.NaN].map(decimalsFor)).toEqual([1, 1, 2, 2, 2]);
  expect(withInterval(estimate(0.58123, 0.0031))).toEqual({ value: "58.12", half: "±0.31" });
  expect(withInterval(estimate(0.58123, Number.NaN))).toEqual({ value: "58.12", half: "" });
  expect(withInterval(estimate(Number.NaN, Number.NaN)).value).toBe("–");
});

test("signs, words and correlations", () => {
  expect(signedPoints(0.0042)).toBe("+0.42");
  expect(signedPoints(-0.0042)).toBe("−0.42");
  expect(signedPoints(0.000001)).toBe("0.00");
  expect(spoken(estimate(0.5, 0.02))).toBe("50.0 plus or minus 2.0");
  expect([0.97, -0.12, 1, Number.NaN].map(correlation)).toEqual([".97", "−.12", "1.00", "undefined"]);
});
