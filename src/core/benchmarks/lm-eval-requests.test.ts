import { describe, expect, it } from "vitest";
import { compiledOwnTasks, reference } from "../../engine/node/benchmark-items.fixture";
import type { ChoiceItem, GenerateItem, Item } from "../scoring/task";
import type { BenchmarkId } from "./benchmark";

const requestsOf = (item: Item): string[][] => {
  if ("until" in item) return [[(item as GenerateItem).context]];
  const { context, contexts, choices } = item as ChoiceItem;
  return choices.map((choice, c) => [contexts?.[c] ?? context, choice]);
};

const { tasks, maxGenToks } = reference();
const IDS = Object.keys(tasks) as BenchmarkId[];

/** Prompts and continuations are the strings that lm-eval 0.4.13 makes of the same rows. */
describe("requests of the benchmarks", () => {
  it("are made for all nine", async () => {
    const compiled = await compiledOwnTasks(maxGenToks);
    expect(compiled.map((task) => task.spec.id).sort()).toEqual([...IDS].sort());
    expect(IDS).toHaveLength(9);
  });
  it.each(IDS)("%s", async (id) => {
    const compiled = await compiledOwnTasks(maxGenToks);
    const task = compiled.find(({ spec }) => spec.id === id)!;
    expect(task.items.map(requestsOf)).toEqual(tasks[id].requests);
  });
});
