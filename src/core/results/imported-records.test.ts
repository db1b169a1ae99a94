import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sentence } from "../result";
import { metricEstimate } from "../scoring/metrics";
import { importResults } from "./import-results";
import { importedMeasurement, importedMixture, importedReference, importedTable } from "./imported-records";
import { ownTasks } from "./lm-eval-files.fixture";

const FILES = new URL("../../../reference/values/lm-eval-files/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FILES), "utf8");
const NAMES = ["own_choice", "own_words", "own_write", "own_text"];
const { scores: found } = importResults([
  { path: "m/results_1.json", text: read("results.json") },
  ...NAMES.map((task) => ({ path: `m/samples_${task}_1.jsonl`, text: read(`samples_${task}.jsonl`) })),
]);
const [imported] = found;
const { tasks, scores } = ownTasks(read);
const layout = {
  hash: "tasks",
  name: "",
  domains: [{ id: "own", label: "Own" }],
  tasks: tasks.map((t) => t.layout),
  floats: scores.length,
};
const items = tasks.map((t) => t.items);
const mixture = { kind: "mixture", alpha: [0.25, 0.75] } as const;

it("takes items of the same tasks as a measurement", async () => {
  const place = { set: "set", layout, items, subject: mixture };
  const measured = await importedMeasurement(imported!, place);
  if (!measured.ok) throw new Error(sentence(measured.problem));
  expect(measured.value).toMatchObject({ done: 21, total: 21, origin: "imported", backend: "imported" });
  expect(measured.value.key).toMatchObject({ set: "set", tasks: "tasks", subject: mixture });
  const choice = layout.tasks[0]!;
  expect(metricEstimate("acc", choice, measured.value.scores)).toEqual(metricEstimate("acc", choice, scores));
  const others = items.map((list) => list.map((item) => ({ ...item, context: "?", text: "?" })));
  const refused = await importedMeasurement(imported!, { ...place, items: others });
  expect(refused.ok ? "" : sentence(refused.problem)).toMatch(/No item of .* is one of the tasks/);
});

it("takes them as a reference that was trained on a mixture", () => {
  const run = importedReference(imported!, { layout, items, alpha: [0.25, 0.75], tokens: 1000 });
  expect(run.ok && run.value).toMatchObject({ alpha: [0.25, 0.75], fraction: 1, tokens: 1000 });
});

it("makes a table of what the file states, with intervals from its standard errors", () => {
  const table = importedTable(layout, imported!, "accuracy");
  const acc = table["task:own_choice"]!;
  expect(acc.value).toBeCloseTo(4 / 7);
  expect(acc.n).toBe(7);
  const own = metricEstimate("acc", layout.tasks[0]!, scores);
  expect(acc.low).toBeCloseTo(own.low, 5);
  expect(acc.high).toBeCloseTo(own.high, 5);
  expect(table["task:own_text"]!.value).toBeCloseTo(3.8710645, 5);
  const summary = "dataset,version,metric,mode,a\nown_choice,1,acc,ppl,57.5\n";
  const { scores: others } = importResults([{ path: "summary.csv", text: summary }]);
  const theirs = importedTable(layout, others[0]!, "accuracy");
  expect(theirs["task:own_choice"]).toEqual({ value: 0.575, low: Number.NaN, high: Number.NaN, n: 0 });
  expect(theirs["task:own_words"]!.value).toBeNaN();
});

it("takes the mixture that a file states, if it is one of the set's", () => {
  const of = (alpha: Record<string, number> | null) =>
    importedMixture({ ...imported!, alpha }, ["a", "b", "c"]);
  const says = (alpha: Record<string, number> | null) => {
    const result = of(alpha);
    return result.ok ? result.value : sentence(result.problem);
  };
  expect(says({ b: 0.25, a: 0.75 })).toEqual([0.75, 0.25, 0]);
  expect(says(null)).toMatch(/do not say which mixture/);
  expect(says({ x: 1 })).toMatch(/component "x", which the set lacks/);
  expect(says({ a: 0.5 })).toMatch(/sum to 0\.5/);
});
