import { expect, it } from "vitest";
import { sha256 } from "../canonical";
import { type Result, sentence } from "../result";
import { parseItems, parseTaskSet } from "./task-files";

const text =
  '{"format":"demix-items","version":1,"task":"t","items":[{"context":"a","choices":["b","c"],"gold":1}]}';
const spec = async (items = text) => ({
  id: "t",
  label: "T",
  domain: "d",
  outputType: "multiple_choice" as const,
  accuracyMetric: "acc" as const,
  continuousMetric: "gold_prob" as const,
  about: "",
  itemsFile: "items/t.json",
  itemsSha256: await sha256(items),
  items: 1,
});
const bytes = (s: string) => new TextEncoder().encode(s);
const set = async (change: object = {}) =>
  JSON.stringify({
    format: "demix-tasks",
    version: 1,
    name: "n",
    domains: [{ id: "d", label: "D" }],
    tasks: [await spec()],
    ...change,
  });
const refused = (result: Result<unknown>) => (result.ok ? "" : sentence(result.problem));

it("reads tasks and items", async () => {
  expect(parseTaskSet(await set(), "tasks.json").ok).toBe(true);
  const items = await parseItems(bytes(text), await spec(), "t.json");
  expect(items.ok && items.value[0]).toEqual({ context: "a", choices: ["b", "c"], gold: 1 });
});

it("refuses what is wrong, naming file and remedy", async () => {
  expect(refused(parseTaskSet("{", "tasks.json"))).toContain("tasks.json");
  expect(refused(parseTaskSet(await set({ version: 3 }), "tasks.json"))).toContain("newer");
  expect(refused(parseTaskSet(await set({ domains: [{ id: "x", label: "X" }] }), "tasks.json"))).toContain(
    "domain",
  );
  expect(refused(parseTaskSet(await set({ tasks: [] }), "tasks.json"))).toContain("tasks");
  expect(refused(parseTaskSet(await set({ tasks: [await spec(), await spec()] }), "tasks.json"))).toContain(
    "two tasks",
  );
  expect(refused(await parseItems(bytes(`${text} `), await spec(), "t.json"))).toContain("SHA-256");
  for (const odd of [
    text.replace('"gold":1', '"gold":2'),
    text.replace('["b","c"]', '["b"]'),
    text.replace("items", "x"),
  ]) {
    const result = await parseItems(bytes(odd), await spec(odd), "t.json");
    expect(refused(result)).toContain("t.json");
  }
});
