import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchmarkId } from "../../core/benchmarks/benchmark";
import { compileBenchmark } from "../../core/benchmarks/compile-benchmark";
import { readRows } from "../../core/benchmarks/read-rows";
import { type Recognition, recognise } from "../../core/benchmarks/recognise";
import type { DataFile } from "../../core/benchmarks/row";
import { sentence } from "../../core/result";
import type { ScoringMode } from "../../core/scoring/task";
import type { CompiledTask } from "../../core/tasks/compile-tasks";
import type { TaskBundle } from "../../protocol/task-protocol";

const FOLDER = fileURLToPath(new URL("../../../reference/benchmarks/", import.meta.url));
const VALUES = new URL("../../../reference/values/benchmarks/lm-eval.json", import.meta.url);

export const OWN_FILES = [
  "arc_easy.jsonl",
  "hellaswag.jsonl",
  "winogrande.jsonl",
  "piqa.jsonl",
  "social_iqa.jsonl",
  "humaneval.jsonl",
  "mbpp.jsonl",
  "gsm8k-test.jsonl",
  "gsm8k-train.jsonl",
  "minerva_math-test.jsonl",
  "minerva_math-shots.jsonl",
] as const;

/** What `reference/lm_eval_benchmarks.py` writes. */
export interface ReferenceTask {
  /** One an item: [context, continuation] a choice, or [context]. */
  readonly requests: readonly (readonly (readonly string[])[])[];
  readonly scores: Readonly<
    Record<
      string,
      {
        /** Log-likelihoods of the choices, or the generated text. */
        readonly items: readonly (readonly number[] | string)[];
        readonly metrics: Readonly<Record<string, number>>;
        /** By filter, 1 or 0 an item. */
        readonly right?: Readonly<Record<string, readonly number[]>>;
      }
    >
  >;
}

export const reference = (): {
  readonly maxGenToks: number;
  readonly tasks: Readonly<Record<BenchmarkId, ReferenceTask>>;
} => JSON.parse(readFileSync(VALUES, "utf8"));

/** What `reference/opencompass_values.py` writes: by task, an item's mean losses and the option with the smallest. */
export const opencompassLosses = (): Readonly<
  Record<string, readonly { readonly losses: readonly number[]; readonly chosen: number }[]>
> => JSON.parse(readFileSync(new URL("opencompass-ppl.json", VALUES), "utf8"));

/** The tasks as the engine takes them. */
export const bundleOf = (compiled: readonly CompiledTask[]): TaskBundle => ({
  spec: {
    format: "demix-tasks",
    version: 2,
    name: "Benchmarks",
    domains: ["general", "code", "math"].map((id) => ({ id, label: id })),
    tasks: compiled.map((task) => task.spec),
  },
  items: compiled.map((task) => task.items),
});

export async function readFiles(names: readonly string[], folder = FOLDER): Promise<DataFile[]> {
  const files: DataFile[] = [];
  for (const name of names) {
    const rows = await readRows(readFileSync(folder + name), name);
    if (!rows.ok) throw new Error(sentence(rows.problem));
    files.push({ name, rows: rows.value });
  }
  return files;
}

export async function ownTasks(): Promise<Recognition> {
  return recognise(await readFiles(OWN_FILES));
}

/** All that have the mode, from items written for these tests. */
export async function compiledOwnTasks(
  maxGenToks: number,
  mode: ScoringMode = "lm-eval",
): Promise<CompiledTask[]> {
  const compiled: CompiledTask[] = [];
  for (const task of (await ownTasks()).tasks) {
    if (!task.benchmark.modes.includes(mode)) continue;
    const made = await compileBenchmark(task, { maxGenToks, mode });
    if (!made.ok) throw new Error(sentence(made.problem));
    compiled.push(made.value);
  }
  return compiled;
}
