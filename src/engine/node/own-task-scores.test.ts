import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sentence } from "../../core/result";
import { taskMetrics } from "../../core/results/task-metrics";
import type { Subject } from "../../core/scoring/measurement";
import type { Item, TaskSetLayout } from "../../core/scoring/task";
import { type CompiledTask, compileTasks } from "../../core/tasks/compile-tasks";
import { type NodeSet, openNodeSet } from "./open-node-set";

const path = (from: string) => fileURLToPath(new URL(`../../../${from}`, import.meta.url));
const read = (from: string) => readFileSync(path(from), "utf8");
const signal = new AbortController().signal;
const SUBJECTS: Readonly<Record<string, Subject>> = {
  base: { kind: "base" },
  code_high: { kind: "mixture", alpha: [0, 1, 0, 0, 0] },
  math_low: { kind: "mixture", alpha: [0, 0, 0, 0, 1] },
};
const TASKS = [
  ["choice/capitals.yaml", "choice/_common.yaml", "choice/own-train.jsonl", "choice/own-test.jsonl"],
  ["inputs/blanks.yaml", "inputs/data.jsonl"],
  ["words/last.yaml", "words/test.jsonl"],
  ["texts/pages.yaml", "texts/test.jsonl"],
  ["answers/sums.yaml", "answers/test.jsonl", "answers/validation.jsonl"],
  ["shots/claims.yaml", "shots/test.jsonl"],
];
const MAX_GEN_TOKS = 24;

type Response = [number, boolean] | number | string;
type Reference = Record<string, Record<string, Response[][][]>> &
  Record<string, { results: Record<string, Record<string, number>> }>;
const reference = JSON.parse(read("reference/values/lm-eval/own-scores.json")) as Reference;

async function compiled(names: readonly string[]): Promise<CompiledTask> {
  const files = names.map((name) => ({ name, text: read(`reference/lm-eval-tasks/${name}`) }));
  const yaml = files.filter(({ name }) => name.endsWith(".yaml"));
  const data = files
    .filter(({ name }) => name.endsWith(".jsonl"))
    .map(({ name, text }) => ({
      name,
      rows: text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    }));
  const result = await compileTasks(yaml, data);
  if (!result.ok) throw new Error(`${dirname(names[0]!)}: ${sentence(result.problem)}`);
  return result.value.tasks[0]!;
}

const shortened = (item: Item): Item => ("until" in item ? { ...item, maxGenToks: MAX_GEN_TOKS } : item);

/** lm-eval 0.4.13 with HFLM in float32 on the same task files: log-likelihoods within 1e-3 nats, texts and metrics equal. */
describe("task files against lm-eval", () => {
  let node: NodeSet;
  let layout: TaskSetLayout;
  beforeAll(async () => {
    const opened = await openNodeSet(path("public/zoo/demo"));
    if (!opened.ok) throw new Error(sentence(opened.problem));
    node = opened.value;
    const tasks = await Promise.all(TASKS.map(compiled));
    const set = await node.engine.setTasks(signal, {
      spec: {
        format: "demix-tasks",
        version: 2,
        name: "Own tasks",
        domains: [{ id: "own", label: "Own tasks" }],
        tasks: tasks.map((task) => task.spec),
      },
      items: tasks.map((task) => task.items.map(shortened)),
    });
    if (!set.ok) throw new Error(sentence(set.problem));
    layout = set.value;
  }, 120_000);
  afterAll(() => node?.engine.close());

  it.each(Object.keys(SUBJECTS))("%s", { timeout: 120_000 }, async (name) => {
    const request = { subject: SUBJECTS[name]!, details: true };
    const outcome = await node.engine.measure(signal, request, () => undefined);
    if (!outcome.ok) throw new Error(sentence(outcome.problem));
    const { scores, details = [] } = outcome.value;
    for (const [t, task] of layout.tasks.entries()) {
      const { spec, block } = task;
      const wanted = reference[name]![spec.id]!;
      expect(wanted.length).toBe(block.items);
      for (const [i, responses] of wanted.entries()) {
        const place = `${spec.id} item ${i}`;
        const said = responses.map(([first]) => first!);
        const texts = said.filter((r) => typeof r === "string");
        if (texts.length > 0) {
          expect(details.find((d) => d.task === t && d.item === i)?.texts, place).toEqual(texts);
          continue;
        }
        const at = block.offset + i * block.width;
        for (const [c, response] of said.entries()) {
          const want = Array.isArray(response) ? response[0] : (response as number);
          expect(Math.abs(scores[at + c]! - want), place).toBeLessThan(1e-3);
        }
      }
      const results = reference[name]!.results[spec.id]!;
      const scored = { layout: task, items: [], details: [], original: block.items };
      const mine = new Map(taskMetrics(scored, scores).map((m) => [`${m.name},${m.filter}`, m.value]));
      for (const [metric, want] of Object.entries(results)) {
        const value = mine.get(metric)!;
        expect(Math.abs(value - want), `${spec.id} ${metric}`).toBeLessThan(
          1e-3 * Math.max(1, Math.abs(want)),
        );
      }
    }
  });
});
