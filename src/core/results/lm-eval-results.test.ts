import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { GROUP, ownTasks } from "./lm-eval-files.fixture";
import { fileDate, lmEvalFiles, sanitizedName } from "./lm-eval-results";

const FILES = new URL("../../../reference/values/lm-eval-files/", import.meta.url);
const lmEvalFile = (name: string): string => readFileSync(new URL(name, FILES), "utf8");
const { tasks, scores } = ownTasks(lmEvalFile);
const run = {
  tasks,
  groups: [GROUP],
  scores,
  model: "../zoo/base",
  parameters: 845184,
  maxLength: 256,
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  seconds: 1.5,
  limit: null,
  versions: { onnxruntime: "1.30.0" },
  workbench: { alpha: { a: 0.25, b: 0.75 } },
};
const files = await lmEvalFiles(run);
const EXTRA = /gold_(ll|margin|prob)/;
type Json = Record<string, unknown>;
const theirs = JSON.parse(lmEvalFile("results.json")) as Json;
const [file] = files;
const ours = JSON.parse(file!.text) as Json;

it("are named as lm-eval names them", () => {
  expect(files.map((f) => f.path)).toEqual([
    "..__zoo__base/results_2026-01-02T03-04-06.500000.json",
    ...tasks.map(({ layout }) => `..__zoo__base/samples_${layout.spec.id}_2026-01-02T03-04-06.500000.jsonl`),
  ]);
  expect(sanitizedName('a/b:c"d[0]')).toBe("a__b__c__d__0__");
  expect(fileDate(0)).toBe("1970-01-01T00-00-00.000000");
});

it("have lm-eval's samples line for line, with the continuous scores besides", () => {
  for (const [t, { layout }] of tasks.entries()) {
    const lines = files[t + 1]!.text.trimEnd().split("\n");
    const expected = lmEvalFile(`samples_${layout.spec.id}.jsonl`).trimEnd().split("\n");
    expect(lines).toHaveLength(expected.length);
    for (const [n, line] of lines.entries()) {
      const plain = line.replace(/, "gold_\w+": [-\d.e]+/g, "").replace(/(, "gold_\w+")+\]/, "]");
      expect(plain).toBe(expected[n]);
    }
    if (layout.spec.outputType === "multiple_choice") expect(lines[0]).toMatch(EXTRA);
  }
});

it("have lm-eval's metrics, standard errors and hashes", () => {
  const own = ours.results as Record<string, Record<string, unknown>>;
  for (const [task, expected] of Object.entries(theirs.results as Record<string, Json>)) {
    expect(
      Object.keys(own[task]!)
        .filter((key) => !EXTRA.test(key))
        .sort(),
    ).toEqual(Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected)) {
      const found = own[task]![key];
      if (typeof value !== "number") expect(found).toEqual(value);
      else if (key === "perplexity_stderr,none")
        expect(Math.abs(Math.log((found as number) / value))).toBeLessThan(0.2);
      else expect(Math.abs((found as number) - value)).toBeLessThan(1e-6 * Math.max(1, value));
    }
  }
  expect(ours.task_hashes).toEqual(theirs.task_hashes);
  for (const key of ["configs", "versions", "n-shot", "n-samples", "group_subtasks"])
    expect(ours[key]).toEqual(theirs[key]);
});

it("have lm-eval's fields, the same forms of numbers, and what was merged", () => {
  const about = (key: string) => !/^(tokenizer_\w+|eot_token_id)$/.test(key);
  expect(
    Object.keys(ours)
      .filter((k) => k !== "workbench")
      .sort(),
  ).toEqual(Object.keys(theirs).filter(about).sort());
  const keys = (value: unknown) => Object.keys(value as Json).sort();
  expect(keys(ours.config)).toEqual(keys(theirs.config));
  expect(file!.text).toContain('"acc,none": 0.5714285714285714');
  expect(file!.text).toContain('"own_words": 1.0');
  expect(ours.workbench).toEqual(run.workbench);
});
