/**
 * npx tsx reference/compare-benchmarks.ts DIR FILE LIMIT
 * The workbench's scores of the benchmarks in DIR beside those that `lm_eval_benchmarks.py --data DIR --out FILE --limit LIMIT`
 * wrote: requests, largest difference of log-likelihoods, other choices, other generated texts, other exact matches.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { BenchmarkId } from "../src/core/benchmarks/benchmark";
import { compileBenchmark } from "../src/core/benchmarks/compile-benchmark";
import { recognise } from "../src/core/benchmarks/recognise";
import { sentence } from "../src/core/result";
import { textScores } from "../src/core/scoring/item-scores";
import type { Subject } from "../src/core/scoring/measurement";
import type { ChoiceItem, GenerateItem, Item } from "../src/core/scoring/task";
import type { CompiledTask } from "../src/core/tasks/compile-tasks";
import { type ReferenceTask, readFiles } from "../src/engine/node/benchmark-items.fixture";
import { openNodeSet } from "../src/engine/node/open-node-set";

const [folder = "", valuesFile = "", limit = "50"] = process.argv.slice(2);
const signal = new AbortController().signal;
const ALPHA: Readonly<Record<string, Subject>> = {
  base: { kind: "base" },
  code_high: { kind: "mixture", alpha: [0, 1, 0, 0, 0] },
  math_low: { kind: "mixture", alpha: [0, 0, 0, 0, 1] },
};

const requestsOf = (item: Item): string[][] => {
  if ("until" in item) return [[(item as GenerateItem).context]];
  const { context, contexts, choices } = item as ChoiceItem;
  return choices.map((choice, c) => [contexts?.[c] ?? context, choice]);
};
const best = (values: readonly number[]) => values.indexOf(Math.max(...values));
const normalised = (values: readonly number[], lengths: readonly number[]) =>
  best(values.map((value, c) => value / lengths[c]!));

const { tasks: expected, maxGenToks } = JSON.parse(readFileSync(valuesFile, "utf8")) as {
  maxGenToks: number;
  tasks: Record<BenchmarkId, ReferenceTask>;
};
const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
const compiled: CompiledTask[] = [];
for (const task of recognise(await readFiles(files, `${folder}/`)).tasks) {
  const made = await compileBenchmark(task, { maxGenToks, limit: Number(limit) });
  if (!made.ok) throw new Error(sentence(made.problem));
  compiled.push(made.value);
  const { spec, items, notes } = made.value;
  const want = expected[spec.id as BenchmarkId].requests;
  const other = items.filter(
    (item, i) => JSON.stringify(requestsOf(item)) !== JSON.stringify(want[i]),
  ).length;
  console.log(`${spec.id}: ${items.length} items of ${want.length}, other requests: ${other}`);
  for (const note of notes) console.log(`  ${note}`);
}
const opened = await openNodeSet("public/zoo/demo");
if (!opened.ok) throw new Error(sentence(opened.problem));
const { engine } = opened.value;
const set = await engine.setTasks(signal, {
  spec: {
    format: "demix-tasks",
    version: 2,
    name: "Benchmarks",
    domains: ["general", "code", "math"].map((id) => ({ id, label: id })),
    tasks: compiled.map((task) => task.spec),
  },
  items: compiled.map((task) => task.items),
});
if (!set.ok) throw new Error(sentence(set.problem));
for (const [name, subject] of Object.entries(ALPHA)) {
  const outcome = await engine.measure(signal, { subject, details: true }, () => undefined);
  if (!outcome.ok) throw new Error(sentence(outcome.problem));
  const { scores, details = [] } = outcome.value;
  for (const [t, { spec, block, facts }] of set.value.tasks.entries()) {
    const want = expected[spec.id as BenchmarkId].scores[name]!;
    let largest = 0;
    let [choices, texts, matches] = [0, 0, 0];
    for (let i = 0; i < block.items; i++) {
      const item = want.items[i]!;
      const at = block.offset + i * block.width;
      if (typeof item === "string") {
        if (details.find((d) => d.task === t && d.item === i)?.texts[0] !== item) texts++;
        for (const [c, { filter, use }] of textScores(spec).entries())
          if (use.metric === "exact_match" && scores[at + c] !== want.right?.[filter]?.[i]) matches++;
        continue;
      }
      const got = [...scores.subarray(at, at + item.length)];
      largest = Math.max(largest, ...got.map((value, c) => Math.abs(value - item[c]!)));
      const { chars } = facts[i]!;
      if (best(got) !== best(item) || normalised(got, chars) !== normalised(item, chars)) choices++;
    }
    const found =
      spec.outputType === "generate_until"
        ? `other texts ${texts}, other exact matches ${matches}`
        : `largest difference ${largest.toExponential(1)}, other choices ${choices}`;
    console.log(`${name} ${spec.id} (${block.items}): ${found}`);
  }
}
engine.close();
