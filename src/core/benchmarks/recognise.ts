import { fail, type Problem, type Result } from "../result";
import type { Benchmark } from "./benchmark";
import { benchmarkOf } from "./benchmarks";
import { joinLabels } from "./label-files";
import { MBPP_TEST, mbppTaskId } from "./mbpp";
import type { DataFile, Row } from "./row";
import { splitOf, splitOrder } from "./split-name";

/** Dropped files of one benchmark: what is scored, and where shots come from. */
export interface RecognisedTask {
  readonly benchmark: Benchmark;
  /** Files whose rows are scored. */
  readonly files: readonly string[];
  readonly rows: readonly Row[];
  /** Files that shots may be taken from, the few-shot file first. */
  readonly pool: readonly DataFile[];
  /** What was not taken, and why. */
  readonly warnings: readonly string[];
}

export interface Recognition {
  readonly tasks: readonly RecognisedTask[];
  /** Files in no benchmark's layout; a corpus may be made of them. */
  readonly others: readonly DataFile[];
  readonly problems: readonly Problem[];
}

/** Groups dropped files into benchmarks by the fields of their rows; names tell splits only. */
export function recognise(dropped: readonly DataFile[]): Recognition {
  const { files, joined, alone } = joinLabels(dropped);
  const groups = new Map<Benchmark, DataFile[]>();
  const others: DataFile[] = [];
  for (const file of files) {
    const benchmark = benchmarkOf(file);
    if (benchmark === null) others.push(file);
    else groups.set(benchmark, [...(groups.get(benchmark) ?? []), file]);
  }
  const tasks: RecognisedTask[] = [];
  const problems: Problem[] = alone.map((file) => ({
    kind: "bad-task",
    message: `holds ${file.rows.length} labels, and no file beside it has as many rows without labels.`,
    file: file.name,
    remedy: "Choose it together with the file of rows that it belongs to.",
  }));
  for (const [benchmark, group] of groups) {
    const task = groupTask(benchmark, group, joined);
    if (task.ok) tasks.push(task.value);
    else problems.push(task.problem);
  }
  return { tasks, others, problems };
}

function groupTask(
  benchmark: Benchmark,
  group: readonly DataFile[],
  joined: ReadonlyMap<string, string>,
): Result<RecognisedTask> {
  const bySplit = (split: ReturnType<typeof splitOf>) => group.filter((file) => splitOf(file.name) === split);
  const split = splitOrder(benchmark.id).find((s) => bySplit(s).length > 0);
  if (split === undefined)
    return fail("bad-task", "holds shots only, and no file with items to score.", {
      file: group[0]!.name,
      remedy: `Choose it together with a file of ${benchmark.label}'s items.`,
    });
  const scored = bySplit(split);
  const rest = group.filter((file) => !scored.includes(file));
  const warnings = scored.flatMap(({ name }) =>
    joined.has(name) ? [`The labels of ${name} come from ${joined.get(name)}.`] : [],
  );
  if (split === "train" && benchmark.id !== "winogrande")
    warnings.push(`lm-eval scores another split: ${namesOf(scored)} is training data.`);
  let rows = scored.flatMap((file) => file.rows);
  if (benchmark.id === "mbpp") {
    const test = rows.filter((row) => isMbppTest(mbppTaskId(row)));
    if (test.length > 0 && test.length < rows.length)
      warnings.push(
        `Scored are the ${test.length} problems of the test split (task_id ${MBPP_TEST.join(" to ")}); the other ${rows.length - test.length} are for prompts, validation and training.`,
      );
    if (test.length > 0) rows = test;
  }
  const unused = benchmark.shots > 0 ? [] : rest;
  if (unused.length > 0) warnings.push(`Not used: ${namesOf(unused)}. Scored is ${namesOf(scored)}.`);
  const shotFile = (file: DataFile) => (splitOf(file.name) === "shots" ? 0 : 1);
  const pool = [...rest].sort((a, b) => shotFile(a) - shotFile(b));
  const withOwn = benchmark.id === "mbpp" ? [...pool, ...scored] : pool;
  const task = { benchmark, files: scored.map((f) => f.name), rows, pool: withOwn, warnings };
  return { ok: true, value: task };
}

const namesOf = (files: readonly DataFile[]): string => files.map((file) => file.name).join(", ");

const isMbppTest = (id: number): boolean => id >= MBPP_TEST[0] && id <= MBPP_TEST[1];
