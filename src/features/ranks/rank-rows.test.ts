import { expect, test } from "vitest";
import type { Measurement, TrainedRun } from "../../core/scoring/measurement";
import { approaches, comparable, fractionText } from "./approaches";
import { missingProxies, rankRows } from "./rank-rows";

const run = (
  id: string,
  alpha: number[],
  fraction: number,
  split: "report" | "tune" = "report",
): TrainedRun => ({
  id,
  split,
  alpha,
  seed: 1,
  tokens: 1000 * fraction,
  fraction,
  scores: new Float32Array(1),
});
const measured = (alpha: number[], done = 2): [string, Measurement] => [
  `{"alpha":[${alpha.join(",")}],"kind":"mixture"}`,
  { address: alpha.join("-"), done, total: 2, scores: new Float32Array(1) } as unknown as Measurement,
];

const MIXTURES = [
  [1, 0],
  [0.5, 0.5],
  [0.25, 0.75],
  [0, 1],
];
const RUNS = MIXTURES.flatMap((alpha, i) => [run(`r${i}`, alpha, 0.125), run(`r${i}`, alpha, 1)]);

test("rows are the report references, with their checkpoints and complete merged proxies", () => {
  const found = rankRows(
    [...RUNS, run("t", [0.1, 0.9], 1, "tune")],
    new Map([measured([1, 0]), measured([0, 1], 1)]),
  );
  expect(found.rows.map((r) => r.id)).toEqual(["r0", "r1", "r2", "r3"]);
  expect(found.fractions).toEqual([0.125]);
  expect(found.rows[0]!.trained.get(0.125)?.tokens).toBe(125);
  expect(found.rows.map((r) => r.merged !== null)).toEqual([true, false, false, false]);
  expect(missingProxies(found.rows)).toEqual(MIXTURES.slice(1));
});

test("a fraction that a reference lacks is no approach", () => {
  const found = rankRows([...RUNS, run("r0", [1, 0], 0.5)], new Map());
  expect(found.fractions).toEqual([0.125]);
});

test("approaches stand on the same mixtures and state their tokens", () => {
  const three = rankRows(RUNS, new Map(MIXTURES.slice(0, 3).map((m) => measured(m))));
  expect(comparable(three.rows)).toEqual({ rows: three.rows, merged: false });
  expect(approaches(three, 5000).map((a) => a.kind)).toEqual(["trained"]);
  const all = approaches(rankRows(RUNS, new Map(MIXTURES.map((m) => measured(m)))), 5000);
  expect(all.map((a) => [a.label, a.tokens])).toEqual([
    ["Merged proxies", 5000],
    ["Trained 1/8", 500],
  ]);
  expect(all[1]!.comparison.proxies.map((p) => p.name)).toEqual([
    "r0@0.125",
    "r1@0.125",
    "r2@0.125",
    "r3@0.125",
  ]);
});

test("fractions read as people write them", () => {
  expect([0.0625, 0.5, 0.3].map(fractionText)).toEqual(["1/16", "1/2", "30 %"]);
});
