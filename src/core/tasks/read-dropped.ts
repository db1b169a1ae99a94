import type { BenchmarkId } from "../benchmarks/benchmark";
import { BENCHMARKS } from "../benchmarks/benchmarks";
import { type BenchmarkOptions, compileBenchmark } from "../benchmarks/compile-benchmark";
import { rowCorpus, textCorpus } from "../benchmarks/corpus";
import { decodeText, unpack } from "../benchmarks/decode-text";
import { readRows } from "../benchmarks/read-rows";
import { type RecognisedTask, recognise } from "../benchmarks/recognise";
import type { DataFile } from "../benchmarks/row";
import { fail, type Problem, type Result } from "../result";
import type { Domain, Item, ScoringMode, TaskSpec } from "../scoring/task";
import { parseItems, parseTaskSet } from "../scoring/task-files";
import { compileTasks } from "./compile-tasks";
import { baseName, type YamlFile } from "./read-config";

export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A recognised benchmark without its functions, so that it is stored, and compiled again in another mode. */
export interface Remade extends Omit<RecognisedTask, "benchmark"> {
  readonly benchmark: BenchmarkId;
}

export interface ReadTask {
  readonly spec: TaskSpec;
  readonly items: readonly Item[];
  readonly notes: readonly string[];
  readonly licence: string | null;
  /** What it is, in one sentence. */
  readonly recognised: string;
  /** Scoring modes in which it can be compiled; empty where there is only one way. */
  readonly modes: readonly ScoringMode[];
  readonly made: Remade | null;
}

/** What became of dropped files; every file stands in `tasks`' `files` or in `problems`. */
export interface ReadDropped {
  readonly tasks: readonly (ReadTask & { readonly files: readonly string[] })[];
  /** Domains that a demix-tasks file names. */
  readonly domains: readonly Domain[];
  readonly problems: readonly Problem[];
}

const FORMAT = /^\s*\{\s*"format"\s*:\s*"demix-(tasks|items)"/;
const PLAIN_TEXT = /\.(txt|md|rst|tex|py|js|ts|c|h|html|csv)(\.gz)?$/i;

/**
 * Files that were dropped together → tasks: lm-eval task files with all data files beside them, demix-tasks files with
 * their items, benchmarks by the fields of their rows, and corpora. Refusals name the file.
 */
export async function readDropped(
  files: readonly DroppedFile[],
  onFile: (done: number) => void = () => undefined,
): Promise<ReadDropped> {
  const problems: Problem[] = [];
  const yamls: YamlFile[] = [];
  const data: DataFile[] = [];
  const texts: { name: string; text: string }[] = [];
  const own = new Map<string, Uint8Array>();
  for (const [done, { name, bytes }] of files.entries()) {
    onFile(done);
    const kind = kindOf(name, bytes);
    if (kind === "own") own.set(name, bytes);
    else if (kind === "rows") {
      const rows = await readRows(bytes, name);
      if (rows.ok) data.push({ name, rows: rows.value });
      else problems.push(rows.problem);
    } else {
      const plain = await unpack(bytes, name);
      const text = plain.ok ? decodeText(plain.value, name) : plain;
      if (!text.ok) problems.push(text.problem);
      else (kind === "yaml" ? yamls : texts).push({ name, text: text.value });
    }
  }
  const tasks: (ReadTask & { files: readonly string[] })[] = [];
  const domains: Domain[] = [];
  const take = (files: readonly string[], read: Result<ReadTask>) => {
    if (read.ok) tasks.push({ ...read.value, files });
    else problems.push(read.problem);
  };

  const set = await readOwn(own);
  domains.push(...set.domains);
  problems.push(...set.problems);
  for (const task of set.tasks) take([task.file], { ok: true, value: task.read });

  if (yamls.length > 0) {
    const names = [...yamls, ...data].map((f) => f.name);
    const compiled = await compileTasks(yamls, data);
    if (!compiled.ok) problems.push(compiled.problem);
    else
      for (const { spec, items, notes } of compiled.value.tasks)
        take(names, {
          ok: true,
          value: {
            ...{ spec, items, notes, licence: null, modes: [], made: null },
            recognised: `lm-eval task "${spec.id}"`,
          },
        });
  } else {
    const found = recognise(data);
    problems.push(...found.problems);
    for (const task of found.tasks) {
      const made = { ...task, benchmark: task.benchmark.id };
      take([...task.files, ...task.pool.map((f) => f.name)], await remake(made));
    }
    for (const file of found.others) take([file.name], corpus(await rowCorpus(file)));
  }
  for (const { name, text } of texts) take([name], corpus(await textCorpus(text, name)));
  return { tasks, domains, problems };
}

/** Compiles a recognised benchmark, in another mode for instance. */
export async function remake(made: Remade, options: BenchmarkOptions = {}): Promise<Result<ReadTask>> {
  const benchmark = BENCHMARKS.find((b) => b.id === made.benchmark);
  if (!benchmark) return fail("bad-task", `"${made.benchmark}" is no benchmark that is known here.`);
  const compiled = await compileBenchmark({ ...made, benchmark }, options);
  if (!compiled.ok) return compiled;
  const { spec, items, notes } = compiled.value;
  const { label, licence, modes, reports } = benchmark;
  return {
    ok: true,
    value: { spec, items, notes, licence, modes, made, recognised: `${label}: ${reports}` },
  };
}

type Compiled = Awaited<ReturnType<typeof rowCorpus>>;

function corpus(compiled: Compiled): Result<ReadTask> {
  if (!compiled.ok) return compiled;
  const { spec, items, notes } = compiled.value;
  const recognised = "Plain text: bits per byte, every token scored";
  return { ok: true, value: { spec, items, notes, licence: null, modes: [], made: null, recognised } };
}

function kindOf(name: string, bytes: Uint8Array): "yaml" | "own" | "text" | "rows" {
  if (/\.ya?ml$/i.test(name)) return "yaml";
  if (PLAIN_TEXT.test(name)) return "text";
  return FORMAT.test(new TextDecoder().decode(bytes.subarray(0, 200))) ? "own" : "rows";
}

interface OwnFiles {
  readonly tasks: readonly { readonly file: string; readonly read: ReadTask }[];
  readonly domains: readonly Domain[];
  readonly problems: readonly Problem[];
}

/** A demix-tasks file and the demix-items files that were dropped with it. */
async function readOwn(files: ReadonlyMap<string, Uint8Array>): Promise<OwnFiles> {
  const tasks: { file: string; read: ReadTask }[] = [];
  const domains: Domain[] = [];
  const problems: Problem[] = [];
  const used = new Set<string>();
  for (const [file, bytes] of files) {
    const text = new TextDecoder().decode(bytes);
    if (FORMAT.exec(text)?.[1] !== "tasks") continue;
    used.add(file);
    const set = parseTaskSet(text, file);
    if (!set.ok) {
      problems.push(set.problem);
      continue;
    }
    domains.push(...set.value.domains);
    for (const spec of set.value.tasks) {
      const items = [...files].find(([name]) => baseName(name) === baseName(spec.itemsFile));
      const read: Result<Item[]> = items
        ? await parseItems(items[1], spec, items[0])
        : fail("bad-task", `the items of "${spec.label}" are missing.`, {
            file,
            remedy: `Choose it together with ${spec.itemsFile}.`,
          });
      if (items) used.add(items[0]);
      if (!read.ok) problems.push(read.problem);
      else
        tasks.push({
          file,
          read: {
            ...{ spec, items: read.value, notes: [], licence: null, modes: [], made: null },
            recognised: `Task of ${set.value.name}`,
          },
        });
    }
  }
  for (const file of files.keys())
    if (!used.has(file))
      problems.push({
        kind: "bad-task",
        message: "holds items, and no demix-tasks file beside it names it.",
        file,
        remedy: "Choose it together with its tasks.json.",
      });
  return { tasks, domains, problems };
}
