import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { readRows } from "../../core/benchmarks/read-rows";
import type { DataFile } from "../../core/benchmarks/row";
import { ok, type Result } from "../../core/result";
import { compileTasks } from "../../core/tasks/compile-tasks";
import { type Config, readConfigFile, type YamlFile } from "../../core/tasks/read-config";
import type { TaskSource } from "./read-tasks";

const YAML = /\.ya?ml$/i;
const DATA = /\.(?:jsonl?|parquet)(?:\.gz)?$/i;
const DOMAIN = { id: "own", label: "Own tasks" };

/** A YAML file with its path and top-level fields, includes unresolved. */
interface Found extends YamlFile {
  readonly path: string;
  readonly config: Config;
}

export interface YamlTaskOptions {
  readonly data: readonly string[];
  readonly shots: number | null;
}

/**
 * lm-eval's task files: each with what it includes and the data files that it names (beside it, or from where the command
 * runs), else with `data`, else with the data files beside it. A group brings the files of its tasks.
 */
export async function readYamlTasks(
  paths: readonly string[],
  options: YamlTaskOptions,
): Promise<Result<TaskSource[]>> {
  const asked: Found[] = [];
  for (const path of paths) {
    const found = await readYamlFile(path);
    if (!found.ok) return found;
    asked.push(found.value);
  }
  const sources: TaskSource[] = [];
  const taken = new Set<string>();
  for (const file of [...asked].sort((a, b) => Number(isGroup(b)) - Number(isGroup(a)))) {
    if (taken.has(file.path) || isPart(file, asked)) continue;
    const beside = await yamlBeside(file.path);
    if (!beside.ok) return beside;
    const cluster = withIncludes(isGroup(file) ? membersOf(file, beside.value) : [file], beside.value);
    for (const { path } of cluster) taken.add(path);
    const data = await dataOf(cluster, dirname(file.path), options.data);
    if (!data.ok) return data;
    const compiled = await compileTasks(cluster, data.value, {
      ...(options.shots !== null && { numFewshot: options.shots }),
      domain: DOMAIN.id,
    });
    if (!compiled.ok) return compiled;
    const { tasks, groups } = compiled.value;
    sources.push({
      bundle: {
        spec: {
          format: "demix-tasks",
          version: 2,
          name: basename(file.path).replace(YAML, ""),
          domains: [DOMAIN],
          tasks: tasks.map((t) => t.spec),
          ...(groups.length > 0 && { groups }),
        },
        items: tasks.map((t) => t.items),
      },
      notes: tasks.flatMap((t) => t.notes.map((note) => `${t.spec.id}: ${note}`)),
    });
  }
  return ok(sources);
}

const isGroup = ({ config }: Found): boolean =>
  typeof config.group === "string" && Array.isArray(config.task);

/** A file that others of the folder include, and that defines nothing itself. */
const isPart = ({ config, path }: Found, all: readonly Found[]): boolean =>
  config.task === undefined &&
  config.group === undefined &&
  all.some((other) => includesOf(other.config).includes(basename(path)));

const includesOf = (config: Config): string[] =>
  [config.include ?? []].flat().map((name) => basename(String(name)));

async function readYamlFile(path: string): Promise<Result<Found>> {
  const file = { name: path, text: await readFile(path, "utf8") };
  const config = readConfigFile(file);
  return config.ok ? ok({ ...file, path, config: config.value }) : config;
}

/** YAML files in the same folder that can be read as task files; others are none of ours. */
async function yamlBeside(path: string): Promise<Result<Found[]>> {
  const folder = dirname(path);
  const found: Found[] = [];
  for (const name of (await readdir(folder)).filter((n) => YAML.test(n)).sort()) {
    const file = await readYamlFile(join(folder, name));
    if (file.ok) found.push(file.value);
    else if (join(folder, name) === path) return file;
  }
  return ok(found);
}

/** The group with the files that define its tasks, groups inside it too. */
function membersOf(group: Found, beside: readonly Found[]): Found[] {
  const cluster = new Map([[group.path, group]]);
  for (const file of cluster.values()) {
    if (!isGroup(file)) continue;
    for (const entry of file.config.task as readonly unknown[]) {
      const name =
        typeof entry === "object" && entry !== null
          ? ((entry as Config).task ?? (entry as Config).group)
          : entry;
      for (const other of beside) {
        const { task, group: own, tag } = other.config;
        if (task === name || own === name || [tag ?? []].flat().some((t) => t === name))
          cluster.set(other.path, other);
      }
    }
  }
  return [...cluster.values()];
}

function withIncludes(files: readonly Found[], beside: readonly Found[]): Found[] {
  const all = new Map(files.map((f) => [f.path, f]));
  for (const { config } of all.values())
    for (const name of includesOf(config))
      for (const other of beside) if (basename(other.path) === name) all.set(other.path, other);
  return [...all.values()];
}

async function dataOf(
  files: readonly Found[],
  folder: string,
  given: readonly string[],
): Promise<Result<DataFile[]>> {
  const paths = new Set(given);
  for (const { config } of files)
    for (const name of declaredFiles(config)) {
      const found = await firstFile(isAbsolute(name) ? [name] : [join(folder, name), name]);
      if (found) paths.add(found);
    }
  if (paths.size === 0)
    for (const name of await readdir(folder)) if (DATA.test(name)) paths.add(join(folder, name));
  const data: DataFile[] = [];
  for (const path of paths) {
    const rows = await readRows(new Uint8Array(await readFile(path)), path);
    if (!rows.ok) return rows;
    data.push({ name: path, rows: rows.value });
  }
  return ok(data);
}

function declaredFiles(config: Config): string[] {
  const kwargs = config.dataset_kwargs;
  const files = typeof kwargs === "object" && kwargs !== null ? (kwargs as Config).data_files : null;
  if (typeof files === "object" && files !== null && !Array.isArray(files))
    return Object.values(files).flat().map(String);
  return [files ?? []].flat().map(String);
}

async function firstFile(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if ((await stat(path).catch(() => null))?.isFile()) return path;
  return null;
}
