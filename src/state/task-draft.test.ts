import { expect, it } from "vitest";
import { sha256 } from "../core/canonical";
import type { ChoiceItem, TaskSpec } from "../core/scoring/task";
import { readDropped } from "../core/tasks/read-dropped";
import {
  addDomain,
  bundleOf,
  type DraftTask,
  draftOf,
  draftTask,
  EMPTY_DRAFT,
  itemsText,
  limitTask,
  moveTask,
  sampleItems,
  tickTask,
  withTasks,
} from "./task-draft";
import { readTaskSetText, taskSetText } from "./task-set-file";

async function task(id: string, domain: string, n: number): Promise<DraftTask> {
  const items = Array.from(
    { length: n },
    (_, i): ChoiceItem => ({ context: `${id} ${i} is`, choices: [" a", " b"], gold: i % 2 }),
  );
  const spec: TaskSpec = {
    ...{ id, label: id.toUpperCase(), domain, about: "", itemsFile: `items/${id}.json`, items: n },
    outputType: "multiple_choice",
    accuracyMetric: "acc",
    continuousMetric: "gold_prob",
    itemsSha256: await sha256(itemsText(id, items)),
  };
  return draftTask({
    ...{ spec, items, notes: [], licence: null, recognised: "", modes: [], made: null },
  });
}

const draft = async () => withTasks(EMPTY_DRAFT, [await task("x", "code", 20), await task("y", "math", 4)]);

it("makes a task set of what is ticked, with domains that have tasks", async () => {
  const both = await draft();
  expect(both.domains.map((d) => d.label)).toEqual(["Code", "Math"]);
  const whole = await bundleOf(both);
  if (!whole.ok) throw new Error(whole.problem.message);
  expect(whole.value.spec.tasks.map((t) => [t.id, t.items])).toEqual([
    ["x", 20],
    ["y", 4],
  ]);
  const one = await bundleOf(tickTask(both, both.tasks[0]!.key, false));
  expect(one.ok && one.value.spec.domains.map((d) => d.id)).toEqual(["math"]);
  const none = await bundleOf({ ...both, tasks: [] });
  expect(none.ok ? "" : none.problem.message).toMatch(/No task/);
});

it("samples items by seed, in file order, and gives the sample an address of its own", async () => {
  expect(sampleItems(10, 10, 1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const sample = sampleItems(1000, 50, 1);
  expect(sample).toEqual(sampleItems(1000, 50, 1));
  expect(sample).not.toEqual(sampleItems(1000, 50, 2));
  expect(new Set(sample).size).toBe(50);
  expect(sample).toEqual([...sample].sort((a, b) => a - b));
  const both = await draft();
  const limited = limitTask(both, both.tasks[0]!.key, 5);
  const bundle = await bundleOf(limited);
  if (!bundle.ok) throw new Error(bundle.problem.message);
  const [x] = bundle.value.spec.tasks;
  expect(x!.items).toBe(5);
  expect(x!.itemsSha256).not.toBe(both.tasks[0]!.spec.itemsSha256);
  expect(limitTask(both, both.tasks[0]!.key, 20).tasks[0]!.limit).toBeNull();
});

it("adds a task once, and gives another one of the same name a number", async () => {
  const both = await draft();
  expect((await withTasks(both, [await task("x", "code", 20)])).tasks).toHaveLength(2);
  const third = await withTasks(both, [await task("x", "code", 7)]);
  expect(third.tasks.map((t) => t.spec.id)).toEqual(["x", "y", "x_2"]);
  expect(third.tasks[2]!.spec.itemsSha256).toBe(await sha256(itemsText("x_2", third.tasks[2]!.items)));
});

it("moves tasks to domains, known by their label", async () => {
  const both = await draft();
  expect(addDomain(both, "code").id).toBe("code");
  const { draft: more, id } = addDomain(both, "Long words");
  expect(id).toBe("long_words");
  expect(moveTask(more, both.tasks[0]!.key, id).tasks[0]!.spec.domain).toBe("long_words");
});

it("writes a task set with its items into one file and reads the same again", async () => {
  const bundle = await bundleOf(await draft());
  if (!bundle.ok) throw new Error(bundle.problem.message);
  const text = taskSetText(bundle.value);
  const read = await readTaskSetText(text, "mine.json");
  expect(read.ok && read.value.bundle).toEqual(bundle.value);
  expect(read.ok && read.value.changed).toEqual([]);
  expect(draftOf(bundle.value).tasks.map((t) => t.spec.id)).toEqual(["x", "y"]);

  const edited = await readTaskSetText(text.replace('"x 3 is"', '"x 3 was"'), "mine.json");
  expect(edited.ok && edited.value.changed).toEqual(["X"]);
  const broken = await readTaskSetText(text.replace('"gold":1', '"gold":7'), "mine.json");
  expect(broken.ok ? "" : broken.problem.message).toMatch(/7/);
  const other = await readTaskSetText("{}", "mine.json");
  expect(other.ok ? "" : other.problem.message).toMatch(/demix-task-bundle/);
});

it("tells every dropped file what it is, or why it is refused", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const arc = JSON.stringify({
    question: {
      stem: "Which floats?",
      choices: ["A", "B"].map((label) => ({ label, text: `thing ${label}` })),
    },
    answerKey: "B",
  });
  const read = await readDropped([
    { name: "arc_test.jsonl", bytes: bytes(arc) },
    { name: "sea.txt", bytes: bytes("The sea was calm.") },
    { name: "table.jsonl", bytes: bytes('{"height":1,"width":2}') },
    { name: "tasks.json", bytes: bytes('{"format":"demix-tasks","version":1}') },
    { name: "loose.json", bytes: bytes('{"format":"demix-items","version":1,"items":[]}') },
  ]);
  expect(read.tasks.map((t) => [t.files, t.spec.id])).toEqual([
    [["arc_test.jsonl"], "arc_easy"],
    [["sea.txt"], "sea_bytes"],
  ]);
  expect(read.problems.map((p) => p.file)).toEqual(["tasks.json", "loose.json", "table.jsonl"]);
  expect(read.tasks[0]!.made?.benchmark).toBe("arc_easy");
});
