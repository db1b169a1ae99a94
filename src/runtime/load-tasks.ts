import { type FolderSource, readExactly } from "../core/checkpoint/byte-source";
import { findFile, readText } from "../core/checkpoint/folder-files";
import type { CallOptions } from "../core/checkpoint/progress";
import type { Rotary } from "../core/decoder/decoder-model";
import { fail, ok, type Result } from "../core/result";
import { prepareTasks } from "../core/scoring/layout";
import type { Item } from "../core/scoring/task";
import { parseItems, parseTaskSet } from "../core/scoring/task-files";
import type { TextTokenizer } from "../core/scoring/tokenizer";
import type { TaskBundle } from "../protocol/task-protocol";
import { planScoring, type ScorePlan } from "./score-plan";

/** A tasks file in its folder; the files of its items lie beside it. */
export interface TasksFolder {
  readonly folder: FolderSource;
  readonly path: string;
}

const MB = 2 ** 20;

/** Tasks as they are scored, with the items they were made from. */
export interface PlannedTasks {
  readonly plan: ScorePlan;
  readonly bundle: TaskBundle;
  /** What was cut to the model's length, one sentence a task. */
  readonly warnings: readonly string[];
}

/** Turns tasks into requests for a tokenizer and a model's longest input; `rotary` is the model's. */
export async function planTasks(
  bundle: TaskBundle,
  tokenizer: TextTokenizer,
  maxLength: number,
  rotary: Rotary | null = null,
): Promise<Result<PlannedTasks>> {
  const { spec, items } = bundle;
  const other = spec.tasks.find((task, t) => items[t]?.length !== task.items);
  if (other || items.length !== spec.tasks.length)
    return fail("bad-task", `the items given are not those of the ${spec.tasks.length} tasks.`, {
      ...(other && { file: other.itemsFile }),
      remedy: "Give one list of items a task, as long as the task states.",
    });
  const prepared = await prepareTasks(spec, items, tokenizer, maxLength);
  if (!prepared.ok) return prepared;
  const plan = planScoring(prepared.value, items, tokenizer, undefined, rotary);
  return ok({ plan, bundle, warnings: prepared.value.warnings });
}

/** Reads a tasks file and the items beside it. */
export async function loadTasks(
  { folder, path }: TasksFolder,
  { signal, onProgress }: CallOptions,
): Promise<Result<TaskBundle>> {
  const text = await readText(folder, path, 16 * MB, signal);
  if (!text.ok) return text;
  if (!text.value)
    return fail("bad-task", "the tasks file is missing.", {
      file: `${folder.name}/${path}`,
      remedy: "Put it beside the set file, or take its name out of the set file.",
    });
  const tasks = parseTaskSet(text.value.text, text.value.file);
  if (!tasks.ok) return tasks;
  const place = path.slice(0, path.lastIndexOf("/") + 1);
  const items: Item[][] = [];
  for (const [done, spec] of tasks.value.tasks.entries()) {
    onProgress?.({ done, total: tasks.value.tasks.length, unit: "tasks", what: spec.label });
    const file = await findFile(folder, place + spec.itemsFile, signal);
    if (!file.ok) return file;
    if (!file.value)
      return fail("bad-task", `the items of the task "${spec.id}" are missing.`, {
        file: place + spec.itemsFile,
        remedy: "Run npm run items, which builds them from the installed packages.",
      });
    const bytes = await readExactly(file.value, 0, file.value.size, signal);
    if (!bytes.ok) return bytes;
    const parsed = await parseItems(bytes.value, spec, file.value.name);
    if (!parsed.ok) return parsed;
    items.push(parsed.value);
  }
  return ok({ spec: tasks.value, items });
}
