import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { DataFile } from "../benchmarks/row";
import { groupMetrics, type MeasuredTask } from "../results/group-metrics";
import { taskMetrics } from "../results/task-metrics";
import { applyFilters, isList } from "../scoring/apply-filters";
import type { ItemOutcome } from "../scoring/item-outcome";
import { filtersOf, itemScores } from "../scoring/item-scores";
import { prepareTasks } from "../scoring/layout";
import { lmEvalStderr } from "../scoring/lm-eval-stderr";
import type { GenerateItem, Item, TaskLayout } from "../scoring/task";
import { parseItems, parseTaskSet } from "../scoring/task-files";
import type { TextTokenizer } from "../scoring/tokenizer";
import { type CompiledTask, compileTasks } from "./compile-tasks";
import type { YamlFile } from "./read-config";

interface Request {
  args: unknown[];
  resps: (string | number | [number, boolean])[];
  filtered: Record<string, unknown>;
}
interface Case {
  file: string;
  data: Record<string, string>;
  version: string | number;
  nShot: number;
  config: Record<string, unknown>;
  items: { requests: Request[]; target: unknown }[];
  results: Record<string, number | "N/A">;
}
const values = JSON.parse(readFileSync("reference/values/lm-eval/tasks.json", "utf8")) as {
  tasks: Record<string, Case>;
  groups: Record<string, Record<string, number>>;
  bootstrap: number;
};

const FOLDER = "reference/lm-eval-tasks";
const yaml = (name: string): YamlFile => ({ name, text: readFileSync(`${FOLDER}/${name}`, "utf8") });
const rows = (name: string) =>
  readFileSync(`${FOLDER}/${name}`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Files of a case, with what they include; a data file is given by its split's name where its own does not say it. */
async function compiled({ file, data }: Case): Promise<CompiledTask> {
  const folder = dirname(file);
  const files = [yaml(file)];
  const include = /^include: (\S+)$/m.exec(files[0]!.text)?.[1];
  if (include) files.push(yaml(`${folder}/${include}`));
  const given = Object.values(data).map((name): DataFile => ({ name, rows: rows(`${folder}/${name}`) }));
  const result = await compileTasks(files, given);
  if (!result.ok) throw new Error(`${result.problem.file}: ${result.problem.message}`);
  const name = /^task: (\S+)$/m.exec(files[0]!.text)![1];
  return result.value.tasks.find((t) => t.spec.id === name)!;
}

/** One token a character. */
const tokenizer: TextTokenizer = {
  encode: (text) => [...text].map((c) => c.codePointAt(0)!),
  decode: (ids) => String.fromCodePoint(...ids),
  prefixToken: 0,
  stopTokens: new Set([0]),
};

/** Contexts and continuations as they are asked of a model. */
function asked(item: Item): unknown[][] {
  if ("text" in item) return [[item.text]];
  if ("continuation" in item) return [[item.context, item.continuation]];
  if ("gold" in item) return item.choices.map((choice, c) => [item.contexts?.[c] ?? item.context, choice]);
  return [[item.context]];
}

function outcome(requests: readonly Request[], tokens: readonly number[]): ItemOutcome {
  const pairs = requests.map(({ resps }) => resps[0]!);
  if (typeof pairs[0] === "string")
    return { sums: new Float64Array(), greedy: new Int32Array(), texts: requests[0]!.resps as string[] };
  return {
    sums: Float64Array.from(pairs.map((p) => (Array.isArray(p) ? p[0] : (p as number)))),
    greedy: Int32Array.from(pairs.map((p, i) => (Array.isArray(p) && p[1] ? (tokens[i] ?? 0) : 0))),
    texts: [],
  };
}

async function reported({ spec, items }: CompiledTask, reference: Case): Promise<MeasuredTask> {
  const set = { format: "demix-tasks", version: 2, name: "n", domains: [], tasks: [spec] } as const;
  const prepared = await prepareTasks(set, [items], tokenizer, 100_000);
  if (!prepared.ok) throw new Error(prepared.problem.message);
  const task = prepared.value.layout.tasks[0] as TaskLayout;
  const row = new Float32Array(prepared.value.layout.floats);
  for (const [i, item] of items.entries()) {
    const said = outcome(reference.items[i]!.requests, task.facts[i]!.tokens);
    row.set(itemScores(task, i, item, said), task.block.offset + i * task.block.width);
  }
  const scored = { layout: task, items, details: [], original: items.length };
  // The draws of the values' bootstrap_iters.
  const measured = taskMetrics(scored, row).map((metric) => {
    const column = { filter: metric.filter, name: metric.use.name };
    return { ...metric, stderr: lmEvalStderr(metric.use.metric, task, row, column, values.bootstrap) };
  });
  return { id: spec.id, n: items.length, values: measured };
}

describe.each(Object.entries(values.tasks))("%s as lm-eval 0.4.13 makes it", (_, reference) => {
  it("has the same contexts, continuations and examples", async () => {
    const { items, spec } = await compiled(reference);
    expect(items.length).toBe(reference.items.length);
    for (const [i, item] of items.entries()) {
      const generated = "until" in item;
      const theirs = reference.items[i]!.requests.map(({ args }) => (generated ? args.slice(0, 1) : args));
      const unconditional = spec.metrics!.some((use) => use.metric === "acc_mutual_info");
      const bare = "gold" in item && unconditional ? item.choices.map((choice) => ["", choice]) : [];
      expect([...asked(item), ...bare]).toEqual(theirs);
      expect(item.source!.target).toEqual(reference.items[i]!.target);
    }
  });

  it("has the same configuration", async () => {
    const { spec } = await compiled(reference);
    const { dataset_kwargs: _, metric_list: __, ...config } = spec.origin!.config;
    expect(config).toEqual(reference.config);
    expect(Object.keys(config)).toEqual(Object.keys(reference.config));
    expect(spec.origin).toMatchObject({ nShot: reference.nShot });
    expect(String(spec.origin!.version)).toBe(String(reference.version === "Yaml" ? 0 : reference.version));
  });

  it("has the same filtered answers", async () => {
    const { spec, items } = await compiled(reference);
    if (spec.outputType !== "generate_until") return;
    for (const [i, { requests }] of reference.items.entries())
      for (const { name, steps } of filtersOf(spec)) {
        const mine = applyFilters(steps, requests[0]!.resps as string[], items[i] as GenerateItem);
        expect(isList(mine) ? [...mine] : mine).toEqual(requests[0]!.filtered[name]);
      }
  });

  it("has the same metrics and standard errors", async () => {
    const measured = await reported(await compiled(reference), reference);
    const theirs = Object.keys(reference.results).filter((key) => !key.includes("_stderr"));
    const metrics = measured.values.filter(({ name, filter }) => theirs.includes(`${name},${filter}`));
    expect(metrics.length).toBe(theirs.length);
    for (const { name, filter, value, stderr } of metrics) {
      // A share of several answers is no float32.
      const places = filter === "none" ? 9 : 7;
      expect(value).toBeCloseTo(reference.results[`${name},${filter}`] as number, places);
      const their = reference.results[`${name}_stderr,${filter}`]!;
      if (their === "N/A") expect(stderr).toBeNull();
      else if (places === 7) expect(stderr).toBeCloseTo(their, 7);
      else
        expect(Math.abs(stderr! / their - (their === 0 ? Number.NaN : 1)) < 1e-9 || stderr === their).toBe(
          true,
        );
    }
  });
});

it("aggregates a group as lm-eval does", async () => {
  const files = ["one", "two", "both"].map((name) => yaml(`group/${name}.yaml`));
  const data = ["one-test.jsonl", "two-test.jsonl"].map((name) => ({ name, rows: rows(`group/${name}`) }));
  const result = await compileTasks(files, data);
  if (!result.ok) throw new Error(result.problem.message);
  const tasks = await Promise.all(
    result.value.tasks.map((task) => reported(task, values.tasks[task.spec.id]!)),
  );
  const group = groupMetrics(result.value.groups[0]!, tasks);
  const theirs = values.groups.own_both!;
  expect(group.map(({ key }) => key)).toEqual(["acc,none", "acc_norm,none"]);
  for (const { key, value, stderr, count } of group) {
    expect(count).toBe(theirs.sample_len);
    expect(value).toBeCloseTo(theirs[key]!, 12);
    expect(stderr).toBeCloseTo(theirs[key.replace(",", "_stderr,")]!, 12);
  }
});

it("writes tasks and items that are read back as they are", async () => {
  for (const reference of Object.values(values.tasks)) {
    const { spec, items, itemsText } = await compiled(reference);
    const domains = [{ id: "own", label: "Own" }];
    const set = { format: "demix-tasks", version: 2, name: "n", domains, tasks: [spec] };
    expect(parseTaskSet(JSON.stringify(set), "tasks.json")).toEqual({ ok: true, value: set });
    const read = await parseItems(new TextEncoder().encode(itemsText), spec, spec.itemsFile);
    expect(read).toEqual({ ok: true, value: items });
  }
});
