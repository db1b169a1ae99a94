import { expect, test } from "vitest";
import type { ComponentMember } from "../../core/checkpoint/component-set";
import type { Measurement } from "../../core/scoring/measurement";
import { bestCurve, curveEnds, roundEnds, topPoints } from "./best-curve";
import { convexHull } from "./cloud";
import { differenceText, settleText } from "./compare-with";
import { paceOf, planCost } from "./plan-cost";
import { parseRounds, planPresets } from "./plan-presets";

const point = (value: number, round = 0) => ({ alpha: [value, 1 - value], round, value });

test("rounds are read as people write them, and refused with the reason", () => {
  expect(parseRounds("64 + 32+16", 5)).toEqual({ ok: true, rounds: [64, 32, 16] });
  expect(parseRounds("8, 4, 2", 5)).toEqual({ ok: true, rounds: [8, 4, 2] });
  expect(parseRounds("", 5)).toMatchObject({ ok: false });
  expect(parseRounds("8 4.5", 5)).toMatchObject({
    ok: false,
    why: "Each round is a whole number of proxies.",
  });
  expect(parseRounds("6 4 2", 5)).toMatchObject({
    ok: false,
    why: "The predictor needs 7 proxies in the first round.",
  });
  expect(parseRounds("5000", 5)).toMatchObject({ ok: false });
  for (const preset of planPresets(5)) expect(parseRounds(preset.rounds.join("+"), 5).ok).toBe(true);
});

test("a plan's cost follows the pace measured here, else the shipped one", () => {
  const m = (seconds: number, origin: "measured" | "shipped") =>
    ({ seconds, origin, done: 2, total: 2 }) as Measurement;
  expect(paceOf([], null)).toBeNull();
  expect(paceOf([m(1, "shipped"), m(3, "shipped"), m(2, "shipped")], null)).toEqual({
    seconds: 2,
    from: "shipped",
  });
  expect(paceOf([m(1, "shipped"), m(5, "measured")], null)).toEqual({ seconds: 5, from: "here" });
  expect(paceOf([m(5, "measured")], 7)).toEqual({ seconds: 7, from: "here" });
  const components = [{ trainTokens: 100 }, { trainTokens: 300 }] as ComponentMember[];
  expect(planCost([3, 2], 10, components, { seconds: 2, from: "here" })).toEqual({
    proxies: 5,
    items: 60,
    seconds: 12,
    componentTokens: 400,
    trainedTokens: 1000,
  });
});

test("the best so far never falls and carries the best one's interval", () => {
  const curve = bestCurve([point(0.2), point(0.5), point(0.3, 1)], (p) =>
    p.value === 0.5 ? { value: 0.5, low: 0.4, high: 0.6, n: 9 } : null,
  );
  expect(curve.map((c) => [c.at, c.best, c.band])).toEqual([
    [1, 0.2, null],
    [2, 0.5, [0.4, 0.6]],
    [3, 0.5, [0.4, 0.6]],
  ]);
  expect(roundEnds([64, 32, 16])).toEqual([64, 96]);
  expect(topPoints([point(0.2), point(0.5), point(0.3)], 2).map((p) => p.value)).toEqual([0.5, 0.3]);
});

test("a base far below is left off the axis", () => {
  const curve = bestCurve([point(0.4), point(0.5)], () => null);
  expect(curveEnds(curve, 0.35)).toContain(0.35);
  expect(curveEnds(curve, 0.1)).not.toContain(0.1);
  expect(curveEnds([], 0.1)).toEqual([0.1]);
});

test("the hull of a square with a point inside is the square", () => {
  const hull = convexHull([
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0.4, 0.6],
  ]);
  expect(hull).toHaveLength(4);
  expect(hull).not.toContainEqual([0.4, 0.6]);
});

test("differences are said in words", () => {
  const e = (value: number, half: number) => ({ value, low: value - half, high: value + half, n: 100 });
  expect(differenceText(e(0.0042, 0.001))).toBe("better by 0.42 ±0.10");
  expect(differenceText(e(-0.0042, 0.001))).toBe("worse by 0.42 ±0.10");
  expect(differenceText(e(0.0002, 0.0015))).toBe("tied (+0.02 ±0.15)");
  expect(settleText(e(0.0042, 0.001))).toBe("");
  expect(settleText(e(0.001, 0.0015))).toMatch(/items would separate them/);
});
