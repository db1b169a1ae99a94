import { expect, test } from "vitest";
import type { Consistency } from "../../core/rank/consistency";
import type { Estimate } from "../../core/scoring/measurement";
import type { Approach } from "./approaches";
import { budgetCurve, cheapestEqual, nearestBudget } from "./budget-curve";
import { rankCandidates } from "./rank-candidates";
import { axisEnds, rankPoints } from "./rank-points";
import { descending, places, tieBands } from "./slope-order";
import { nullSpread, verdict } from "./verdict";

const estimate = (value: number, half = 0.05): Estimate => ({
  value,
  low: value - half,
  high: value + half,
  n: 64,
});
const approach = (kind: Approach["kind"], tokens: number): Approach =>
  ({ id: `${kind} ${tokens}`, kind, label: kind, tokens }) as Approach;
const figures = (rho: number): Consistency =>
  ({
    rows: [{ target: "macro", rho: estimate(rho), top25: estimate(rho), recovery: estimate(1) }],
  }) as unknown as Consistency;

test("orders and places; equal values keep their order", () => {
  expect(descending([1, 3, 3, 2])).toEqual([1, 2, 3, 0]);
  expect(places([1, 2, 3, 0])).toEqual([3, 0, 1, 2]);
});

test("a band of ties is measured against its best", async () => {
  const values = [10, 9, 8, 5, 1];
  const bands = await tieBands([0, 1, 2, 3, 4], (a, b) => values[a]! - values[b]! <= 2);
  expect(bands).toEqual([
    { first: 0, last: 2 },
    { first: 3, last: 3 },
    { first: 4, last: 4 },
  ]);
});

test("points carry both places and the top quarter by reference", () => {
  const rows = [1, 2, 3, 4].map((i) => ({ id: `m${i}`, alpha: [i / 10, 1 - i / 10] }));
  const table = (v: number) => ({ macro: estimate(v) });
  const points = rankPoints(rows, [1, 2, 3, 4].map(table), [4, 1, 2, 3].map(table), "macro");
  expect(points.map((p) => [p.proxyPlace, p.referencePlace, p.top])).toEqual([
    [4, 1, true],
    [3, 4, false],
    [2, 3, false],
    [1, 2, true],
  ]);
  expect(axisEnds([1, 2], 0.1)).toEqual([0.9, 2.1]);
});

test("the budget curve leaves undefined values out and finds equal budgets", () => {
  const list = [
    approach("merged", 5),
    approach("trained", 4),
    approach("trained", 32),
    approach("trained", 16),
  ];
  const curve = budgetCurve(
    list,
    [figures(0.8), figures(Number.NaN), figures(0.9), figures(0.6)],
    "macro",
    "rho",
  );
  expect(curve.merged?.value).toBe(0.8);
  expect(curve.trained.map((p) => p.tokens)).toEqual([16, 32]);
  expect(nearestBudget(curve)?.tokens).toBe(16);
  expect(cheapestEqual(curve)?.tokens).toBe(32);
});

test("the verdict names n, tokens and intervals, and who is not worse", () => {
  const list = [approach("merged", 5e6), approach("trained", 4e6), approach("trained", 3.2e7)];
  const of = (small: number, large: number) =>
    verdict(budgetCurve(list, [figures(0.8), figures(small), figures(large)], "macro", "rho"), 64);
  expect(of(0.5, 0.9)).toBe(
    "On 64 mixtures, merged proxies reach a macro ρ of .80 [.75, .85] for 5 M trained tokens in all. Trained proxies reach .50 [.45, .55] for 4 M and need 32 M to reach as much (.90 [.85, .95]).",
  );
  expect(of(0.5, 0.7)).toContain("do not reach as much at any budget tried");
  expect(of(0.85, 0.9)).toContain("no less than merging");
  expect(nullSpread(17)).toBe(0.25);
});

test("candidates are listed once each", () => {
  const list = rankCandidates([3, 1], [0.5, 0.5], [0.5, 0.5]);
  expect(list.map((c) => c.id)).toEqual(["recommended", "size"]);
  expect(rankCandidates([0, 0], [0.6, 0.4], null).map((c) => c.id)).toEqual(["current", "uniform"]);
});
