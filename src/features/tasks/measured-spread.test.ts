import { expect, it } from "vitest";
import { choiceFacts, smallLayout } from "../../core/scoring/small-layout";
import { choosePairs, measuredSpread } from "./measured-spread";

it("takes all pairs where they are few, and distinct ones of many", () => {
  expect(choosePairs(3, 10)).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  const many = choosePairs(80, 24);
  expect(many).toHaveLength(24);
  expect(new Set(many.map(String)).size).toBe(24);
  expect(many.every(([i, j]) => i < j && j < 80)).toBe(true);
  expect(choosePairs(1, 10)).toEqual([]);
});

it("gives the spread of the items' differences", () => {
  const facts = Array.from({ length: 4 }, () => choiceFacts(0, [1, 1]));
  const layout = smallLayout([
    { id: "c", domain: "d", outputType: "multiple_choice", accuracy: "acc", continuous: "gold_ll", facts },
  ]);
  const row = (values: readonly number[]) => Float32Array.from(values.flatMap((v) => [v, -9]));
  const { sd, pairs } = measuredSpread(layout, [row([-1, -2, -3, -4]), row([0, -2, -2, -4])], "continuous");
  expect(pairs).toBe(1);
  // Differences −1, 0, −1, 0: standard deviation √(1/3).
  expect(sd.macro).toBeCloseTo(Math.sqrt(1 / 3), 6);
  expect(measuredSpread(layout, [], "continuous").sd).toEqual({});
});
