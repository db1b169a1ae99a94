import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { compileBenchmark } from "../../core/benchmarks/compile-benchmark";
import { corpusField, rowCorpus, textCorpus } from "../../core/benchmarks/corpus";
import { decodeText, unpack } from "../../core/benchmarks/decode-text";
import { readRows } from "../../core/benchmarks/read-rows";
import { recognise } from "../../core/benchmarks/recognise";
import type { DataFile } from "../../core/benchmarks/row";
import { fail, ok, type Result } from "../../core/result";
import type { CompiledTask } from "../../core/tasks/compile-tasks";
import type { ReadTasksOptions, TaskSource } from "./read-tasks";

const TEXT = /\.txt(?:\.gz)?$/i;
const DOMAINS: Readonly<Record<string, string>> = { general: "General", code: "Code", math: "Math" };

/**
 * The tasks that data files make by themselves: benchmarks that are recognised by their fields, and texts. Files of
 * `options.data` give labels and examples in front of items, and are scored in no case.
 */
export async function readDataTasks(
  files: readonly string[],
  { data, shots, mode }: ReadTasksOptions,
): Promise<Result<TaskSource[]>> {
  const rows: DataFile[] = [];
  const compiled: CompiledTask[] = [];
  for (const path of [...files, ...data]) {
    const bytes = await readFile(path).catch(() => null);
    if (!bytes) return fail("bad-file", "cannot be read.", { file: path, remedy: "Check the path." });
    if (TEXT.test(path)) {
      const task = await readText(new Uint8Array(bytes), path);
      if (!task.ok) return task;
      compiled.push(task.value);
      continue;
    }
    const read = await readRows(new Uint8Array(bytes), path);
    if (!read.ok) return read;
    rows.push({ name: path, rows: read.value });
  }
  const { tasks, others, problems } = recognise(rows);
  const [problem] = problems;
  if (problem) return { ok: false, problem };
  const options = { mode, ...(shots !== null && { shots }) };
  for (const task of tasks) {
    const one = await compileBenchmark(task, options);
    if (!one.ok) return one;
    compiled.push(one.value);
  }
  for (const file of others.filter(({ name }) => files.includes(name))) {
    if (corpusField(file.rows) === null)
      return fail("bad-task", "is no benchmark that is known here, and its rows have no text to score.", {
        file: file.name,
        remedy: 'Score it by an lm-eval YAML that names it as its data, or name its field of text "text".',
      });
    const one = await rowCorpus({ ...file, name: basename(file.name) });
    if (!one.ok) return one;
    compiled.push(one.value);
  }
  return ok(compiled.map(sourceOf));
}

async function readText(bytes: Uint8Array, path: string): Promise<Result<CompiledTask>> {
  const plain = await unpack(bytes, path);
  if (!plain.ok) return plain;
  const text = decodeText(plain.value, path);
  return text.ok ? textCorpus(text.value, basename(path)) : text;
}

const sourceOf = ({ spec, items, notes }: CompiledTask): TaskSource => ({
  bundle: {
    spec: {
      format: "demix-tasks",
      version: 2,
      name: spec.label,
      domains: [{ id: spec.domain, label: DOMAINS[spec.domain] ?? spec.domain }],
      tasks: [spec],
    },
    items: [items],
  },
  notes: notes.map((note) => `${spec.id}: ${note}`),
});
