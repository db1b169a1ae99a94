import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { importResults } from "./import-results";

const FILES = new URL("../../../reference/values/lm-eval-files/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FILES), "utf8");

const PPL = {
  0: {
    prediction: "A",
    gold: "B",
    "label: A": { prompt: "q a", PPL: 1.25 },
    "label: B": { prompt: "q", PPL: 2 },
  },
};
const GOOD: readonly (readonly [path: string, text: string])[] = [
  ["m/results_1.json", read("results.json")],
  ["m/samples_own_choice_1.jsonl", read("samples_own_choice.jsonl")],
  ["m/samples_own_text_1.jsonl", read("samples_own_text.jsonl")],
  ["m/samples_own_write_1.jsonl", read("samples_own_write.jsonl")],
  [
    "summary_20260102_030405.csv",
    'dataset,version,metric,mode,a,b\npiqa,1,accuracy,ppl,77.5,60\n"x,y",1,score,gen,1,-\n',
  ],
  ["predictions/m/piqa.json", JSON.stringify(PPL)],
  [
    "results/m/piqa.json",
    '{"accuracy": 50, "details": {"0": {"pred": "A", "answer": "A", "correct": true}}}',
  ],
];
const ODD = [
  "",
  "null",
  "-1",
  "1e999",
  "NaN",
  '"',
  "{",
  "[]",
  "{}",
  ",",
  "\u0000",
  "\ud800",
  "True",
  '"__proto__": 1, ',
  "999999999999",
];

/** A text cut, or with a piece taken out, doubled or replaced. */
const damaged = fc
  .record({
    file: fc.nat(GOOD.length - 1),
    how: fc.constantFrom("cut", "drop", "double", "replace", "digit"),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 40 }),
    odd: fc.constantFrom(...ODD),
  })
  .map(({ file, how, at, length, odd }) => {
    const [path, text] = GOOD[file]!;
    const from = Math.floor(at * text.length);
    const [before, piece, after] = [
      text.slice(0, from),
      text.slice(from, from + length),
      text.slice(from + length),
    ];
    const changed = {
      cut: before,
      drop: before + after,
      double: before + piece + piece + after,
      replace: before + odd + after,
      digit: before + piece.replace(/\d/g, odd) + after,
    }[how];
    return { path, text: changed };
  });

it("never throws over damaged files, and names the file of every problem", () => {
  let refused = 0;
  fc.assert(
    fc.property(damaged, (file) => {
      const { scores, problems } = importResults([file]);
      refused += problems.length;
      for (const problem of problems) {
        expect(problem.file).toBe(file.path);
        expect(problem.message).toMatch(/\S.*[.:]$|\.$/s);
        expect(problem.remedy).toBeTruthy();
      }
      for (const { tasks } of scores)
        for (const { values, items } of tasks) {
          for (const { value } of values) expect(typeof value).toBe("number");
          for (const item of items ?? []) expect(item.sums).toHaveLength(item.requests.length);
        }
    }),
    { seed: 11, numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(1000);
});

it("reads the undamaged ones without a problem", () => {
  expect(importResults(GOOD.map(([path, text]) => ({ path, text }))).problems).toEqual([]);
});
