import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { tinySpec } from "../core/checkpoint/tiny-set";
import { LINEAR } from "../core/merge/merge-choice";
import { measurementKey } from "../core/scoring/address";
import type { Measurement } from "../core/scoring/measurement";
import { choiceFacts, smallLayout } from "../core/scoring/small-layout";
import type { ChoiceItem } from "../core/scoring/task";
import type { TaskBundle } from "../protocol/task-protocol";
import { itemDetails, keepItemDetails } from "./item-details";
import { useMixture } from "./mixture-store";
import { addMeasurements } from "./records";
import { resultsFiles, takeResults } from "./results-exchange";
import { type LoadedSet, NOTHING_KNOWN, useWorkbench } from "./workbench-store";

const layout = smallLayout([
  {
    id: "opposites",
    domain: "words",
    outputType: "multiple_choice",
    accuracy: "acc",
    continuous: "gold_prob",
    facts: [choiceFacts(0, [4, 4]), choiceFacts(1, [2, 4])],
  },
]);
const item = (context: string, choices: readonly string[], gold: number): ChoiceItem => ({
  ...{ context, choices, gold },
  source: { doc: { context, choices }, target: gold },
});
const bundle: TaskBundle = {
  spec: {
    ...{ format: "demix-tasks", version: 2, name: "Words", domains: layout.domains },
    tasks: layout.tasks.map((t) => t.spec),
  },
  items: [[item("hot or", [" cold", " warm"], 0), item("up or", [" on", " down"], 1)]],
};
const set: LoadedSet = {
  ...{ reference: "https://x.test/", home: null, hash: "set", unscored: null, general: null, own: null },
  spec: tinySpec(["a", "b"]),
  layout,
};
const record: Measurement = {
  address: "measured",
  key: measurementKey("set", layout.hash, { kind: "mixture", alpha: [0.25, 0.75] }, LINEAR),
  scores: Float32Array.from([-1.5, -2.25, -4, -3]),
  ...{
    done: 2,
    total: 2,
    backend: "wasm",
    origin: "measured",
    at: "2026-01-01T00:00:00Z",
    seconds: 2,
    versions: {},
  },
};

it("writes a measurement as lm-eval's files, and takes such files as a measurement of the mixture on show", async () => {
  useWorkbench.setState(NOTHING_KNOWN);
  useMixture.getState().reset(2, [0.5, 0.5]);
  const files = await resultsFiles(set, bundle, record);
  expect(files.map((f) => f.path.replace(/^.*\//, ""))).toEqual([
    "results_2026-01-01T00-00-00.000000.json",
    "samples_opposites_2026-01-01T00-00-00.000000.jsonl",
  ]);
  const results = JSON.parse(files[0]!.text);
  expect(results.results.opposites["acc,none"]).toBe(1);
  expect(results.workbench.subject.alpha).toEqual([0.25, 0.75]);

  const taken = await takeResults(set, bundle, files);
  if (!taken.ok) throw new Error(taken.problem.message);
  expect([...taken.value.record.scores]).toEqual([...record.scores]);
  expect(taken.value.record).toMatchObject({ origin: "imported", done: 2, total: 2 });
  expect(taken.value.record.key.subject).toEqual({ kind: "mixture", alpha: [0.5, 0.5] });
  expect(taken.value.matched).toEqual([{ label: "opposites", found: 2, items: 2 }]);

  addMeasurements([taken.value.record]);
  const again = await takeResults(set, bundle, files);
  expect(again.ok ? "" : again.problem.message).toMatch(/measured already/);
  const other = await takeResults(set, bundle, [{ path: "notes.txt", text: "hello" }]);
  expect(other.ok ? "" : other.problem.message).toMatch(/no results file/);
});

it("keeps what was generated beside a measurement, and adds what a resumed one says", async () => {
  const detail = (item: number, text: string) => ({ task: 0, item, greedy: [], texts: [text] });
  await keepItemDetails("m", [detail(0, "a")]);
  await keepItemDetails("m", [detail(1, "b")]);
  expect((await itemDetails("m")).map((d) => d.texts[0])).toEqual(["a", "b"]);
  expect(await itemDetails("other")).toEqual([]);
});
