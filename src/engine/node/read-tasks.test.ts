import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { type Result, sentence } from "../../core/result";
import { type ReadTasks, type ReadTasksOptions, readTasks } from "./read-tasks";

const TASKS = fileURLToPath(new URL("../../../reference/results/", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "demix-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const ALL: ReadTasksOptions = { data: [], limit: null, shots: null, mode: "lm-eval" };
const file = (name: string, text: string): string => {
  writeFileSync(join(home, name), text);
  return join(home, name);
};
const value = (result: Result<ReadTasks>): ReadTasks => {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
};
const says = (result: Result<ReadTasks>): string => (result.ok ? "" : sentence(result.problem));

const ARC = [
  {
    question: "Which of these swims?",
    choices: { text: ["a fish", "a chair"], label: ["A", "B"] },
    answerKey: "A",
  },
  {
    question: "Which of these is hot?",
    choices: { text: ["ice", "fire"], label: ["A", "B"] },
    answerKey: "B",
  },
  { question: "Which has wheels?", choices: { text: ["a car", "a cat"], label: ["A", "B"] }, answerKey: "" },
];

it("joins a benchmark's file, a text and a task's YAML to one set, in order", async () => {
  const arc = file("arc_easy_test.jsonl", ARC.map((row) => JSON.stringify(row)).join("\n"));
  const text = file("Notes of mine.txt", "The sea is wide.\n\nThe sky is wider.\n");
  const { bundle, originals, notes } = value(await readTasks([arc, text, join(TASKS, "words.yaml")], ALL));
  expect(bundle.spec.tasks.map((t) => [t.id, t.outputType])).toEqual([
    ["arc_easy", "multiple_choice"],
    ["Notes_of_mine_bytes", "loglikelihood_rolling"],
    ["own_words", "loglikelihood"],
  ]);
  expect(originals).toEqual([2, 1, 5]);
  expect(bundle.spec.domains.map((d) => d.id)).toEqual(["general", "own"]);
  expect(notes.join()).toMatch(/arc_easy:.*answerKey is empty/);
  const other = await readTasks([arc], { ...ALL, mode: "opencompass-gen" });
  expect(says(other)).toMatch(/arc_easy_test\.jsonl.*OpenCompass leaves out/);
});

it("takes a folder's YAML files with its data files, and a group with its tasks", async () => {
  const { bundle } = value(await readTasks([TASKS], ALL));
  expect(bundle.spec.tasks.map((t) => t.id).sort()).toEqual([
    "own_choice",
    "own_text",
    "own_words",
    "own_write",
  ]);
  expect(bundle.spec.groups?.map((g) => [g.id, g.tasks])).toEqual([
    ["own_both", ["own_choice", "own_words"]],
  ]);
});

it("takes the first items alone as another task", async () => {
  const whole = value(await readTasks([join(TASKS, "choice.yaml")], ALL));
  const part = value(await readTasks([join(TASKS, "choice.yaml")], { ...ALL, limit: 3 }));
  expect(part.originals).toEqual([7]);
  expect(part.bundle.items[0]).toEqual(whole.bundle.items[0]!.slice(0, 3));
  expect(part.bundle.spec.tasks[0]!.itemsSha256).not.toBe(whole.bundle.spec.tasks[0]!.itemsSha256);
});

it("refuses what is no task by file", async () => {
  expect(says(await readTasks([file("odd.jsonl", '{"a": 1, "b": 2}\n')], ALL))).toMatch(
    /odd\.jsonl.*no benchmark/,
  );
  mkdirSync(join(home, "empty"));
  expect(says(await readTasks([join(home, "empty")], ALL))).toMatch(/empty.*no task is there/);
  const lost = file(
    "lost.yaml",
    "task: lost\ntest_split: test\ndoc_to_text: x\ndoc_to_target: y\noutput_type: loglikelihood\ndataset_kwargs: {data_files: {test: gone.jsonl}}\n",
  );
  expect(says(await readTasks([lost], ALL))).toMatch(/lost\.yaml.*no data file is the split "test"/);
});
