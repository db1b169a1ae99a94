import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchmarkId } from "../../core/benchmarks/benchmark";
import { compileBenchmark } from "../../core/benchmarks/compile-benchmark";
import { readRows } from "../../core/benchmarks/read-rows";
import { type Recognition, recognise } from "../../core/benchmarks/recognise";
import type { DataFile } from "../../core/benchmarks/row";
import { sentence } from "../../core/result";
import type { CompiledTask } from "../../core/tasks/compile-tasks";

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

/** All nine, from items written for these tests. */
export async function compiledOwnTasks(maxGenToks: number): Promise<CompiledTask[]> {
  const compiled: CompiledTask[] = [];
  for (const task of (await ownTasks()).tasks) {
    const made = await compileBenchmark(task, { maxGenToks });
    if (!made.ok) throw new Error(sentence(made.problem));
    compiled.push(made.value);
  }
  return compiled;
}
