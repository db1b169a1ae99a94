import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { sha256 } from "../../core/canonical";
import { fail, ok, type Result } from "../../core/result";
import type { Item, ScoringMode, TaskGroup, TaskSpec } from "../../core/scoring/task";
import type { TaskBundle } from "../../protocol/task-protocol";
import { loadTasks } from "../../runtime/load-tasks";
import { nodeFolder } from "./node-folder";
import { readDataTasks } from "./read-data-tasks";
import { readYamlTasks } from "./read-yaml-tasks";

export interface ReadTasksOptions {
  /** Data files for tasks that name none that is there. */
  readonly data: readonly string[];
  /** The first items of each task alone. */
  readonly limit: number | null;
  /** Shots instead of the task's own. */
  readonly shots: number | null;
  /** How benchmarks are scored. */
  readonly mode: ScoringMode;
}

export interface ReadTasks {
  readonly bundle: TaskBundle;
  /** Items of each task before the limit. */
  readonly originals: readonly number[];
  readonly notes: readonly string[];
}

/** One source of tasks: what a file gives before it is joined with the others. */
export interface TaskSource {
  readonly bundle: TaskBundle;
  readonly notes: readonly string[];
}

const FORMS = /\.(json|jsonl|ya?ml|parquet|txt|lst|gz)$/i;

const YAML = /\.ya?ml$/i;

/**
 * Reads tasks from files and folders of them, joined to one set in the order given; ids that occur twice are refused. In a
 * folder with YAML files of tasks its other files are their data.
 */
export async function readTasks(
  paths: readonly string[],
  options: ReadTasksOptions,
): Promise<Result<ReadTasks>> {
  const sources: TaskSource[] = [];
  for (const path of paths) {
    const files = await filesAt(path);
    if (!files.ok) return files;
    const yaml = files.value.filter((file) => YAML.test(file));
    const read = yaml.length > 0 ? await readYamlTasks(yaml, options) : await readAll(files.value, options);
    if (!read.ok) return read;
    if (read.value.length === 0)
      return fail("bad-task", "no task is there.", {
        file: path,
        remedy: "Name a task's YAML, a benchmark's file, a text, a demix-tasks file, or a folder with some.",
      });
    sources.push(...read.value);
  }
  return joined(sources, options.limit);
}

/** Several demix-tasks or benchmark files. In a folder with tasks.json the other JSON files are its items. */
async function readAll(files: readonly string[], options: ReadTasksOptions): Promise<Result<TaskSource[]>> {
  const sources: TaskSource[] = [];
  for (const file of files) {
    const own = await readDemixTasks(file);
    if (!own.ok) return own;
    if (own.value) sources.push(own.value);
  }
  if (sources.length > 0) return ok(sources);
  return readDataTasks(files, options);
}

async function filesAt(path: string): Promise<Result<string[]>> {
  const found = await stat(path).catch(() => null);
  if (!found)
    return fail("bad-file", "the task file is not there.", { file: path, remedy: "Check the path." });
  if (!found.isDirectory()) return ok([path]);
  const names = (await readdir(path)).filter((name) => FORMS.test(name)).sort();
  return ok(names.map((name) => join(path, name)));
}

async function joined(sources: readonly TaskSource[], limit: number | null): Promise<Result<ReadTasks>> {
  const tasks: TaskSpec[] = [];
  const items: (readonly Item[])[] = [];
  const originals: number[] = [];
  const groups: TaskGroup[] = [];
  const domains = new Map<string, { id: string; label: string }>();
  for (const { bundle } of sources) {
    for (const domain of bundle.spec.domains) domains.set(domain.id, domain);
    groups.push(...(bundle.spec.groups ?? []));
    for (const [t, spec] of bundle.spec.tasks.entries()) {
      if (tasks.some((other) => other.id === spec.id))
        return fail("bad-task", `two of the tasks have the id "${spec.id}".`, {
          file: spec.itemsFile,
          remedy: "Score them one after the other.",
        });
      const whole = bundle.items[t]!;
      const kept = limit === null ? whole : whole.slice(0, limit);
      originals.push(whole.length);
      items.push(kept);
      tasks.push(kept.length === whole.length ? spec : await shortened(spec, kept));
    }
  }
  const [first] = sources;
  const spec = {
    format: "demix-tasks",
    version: 2,
    name: sources.length === 1 ? first!.bundle.spec.name : "Tasks",
    domains: [...domains.values()],
    tasks,
    ...(groups.length > 0 && { groups }),
  } as const;
  return ok({ bundle: { spec, items }, originals, notes: sources.flatMap((s) => s.notes) });
}

/** A task of the first items alone is another task: its address says so. */
const shortened = async (spec: TaskSpec, kept: readonly Item[]): Promise<TaskSpec> => ({
  ...spec,
  items: kept.length,
  itemsSha256: await sha256(`${spec.itemsSha256} ${kept.length}`),
});

export const isDemixTasks = (text: string): boolean =>
  /"format"\s*:\s*"demix-tasks"/.test(text.slice(0, 4096));

/** A demix-tasks file with its items; null for JSON of another kind. */
export async function readDemixTasks(file: string): Promise<Result<TaskSource | null>> {
  const text = await readFile(file, "utf8").catch(() => "");
  if (!isDemixTasks(text)) return ok(null);
  const loaded = await loadTasks({ folder: nodeFolder(dirname(file)), path: basename(file) }, {});
  return loaded.ok ? ok({ bundle: loaded.value, notes: [] }) : loaded;
}
