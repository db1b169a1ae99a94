import { sha256 } from "../core/canonical";
import { isObject, parseStrictJson, toPlain } from "../core/checkpoint/strict-json";
import { fail, ok, type Result } from "../core/result";
import type { Item, TaskSpec } from "../core/scoring/task";
import { parseItems, parseTaskSet } from "../core/scoring/task-files";
import type { TaskBundle } from "../protocol/task-protocol";
import { itemsText } from "./task-draft";

export const TASK_SET_FORMAT = "demix-task-bundle";

/** A task set with its items in one JSON file: `tasks` is a demix-tasks file, `items` lists those of each task by id. */
export function taskSetText({ spec, items }: TaskBundle): string {
  const lists = spec.tasks.map(
    ({ id }, t) => `${JSON.stringify(id)}:[\n${items[t]!.map((item) => JSON.stringify(item)).join(",\n")}\n]`,
  );
  const tasks = JSON.stringify(spec, null, 1);
  return `{"format":"${TASK_SET_FORMAT}","version":1,"tasks":${tasks},"items":{\n${lists.join(",\n")}\n}}\n`;
}

/** As the demo set writes its items files: one item a line. */
function itemLines(task: string, items: readonly Item[]): string {
  const lines = items.map((item) => JSON.stringify(item)).join(",\n");
  return `{"format":"demix-items","version":1,"task":"${task}","items":[\n${lines}\n]}\n`;
}

export interface ReadTaskSet {
  readonly bundle: TaskBundle;
  /** Labels of tasks whose items are not those that the file states: they count as other tasks. */
  readonly changed: readonly string[];
}

const REMEDY = "Save the task set again on the Tasks page.";

/** Reads such a file; every item is checked as those of a demix-items file are. */
export async function readTaskSetText(text: string, file: string): Promise<Result<ReadTaskSet>> {
  const json = parseStrictJson(text, file, { ownFormat: true, remedy: REMEDY });
  if (!json.ok) return { ok: false, problem: { ...json.problem, kind: "bad-task" } };
  const object = isObject(json.value) ? json.value : new Map<string, unknown>();
  const bad = (message: string) => fail<ReadTaskSet>("bad-task", message, { file, remedy: REMEDY });
  if (object.get("format") !== TASK_SET_FORMAT) return bad(`its "format" is not "${TASK_SET_FORMAT}".`);
  if (object.get("version") !== 1)
    return fail("bad-task", "was made by a newer workbench.", { file, remedy: "Update the workbench." });
  const plain = toPlain(json.value) as { readonly tasks?: unknown; readonly items?: unknown };
  const spec = parseTaskSet(JSON.stringify(plain.tasks ?? null), file);
  if (!spec.ok) return spec;
  const lists = (plain.items ?? {}) as Readonly<Record<string, unknown>>;
  const tasks: TaskSpec[] = [];
  const items: (readonly Item[])[] = [];
  const changed: string[] = [];
  for (const stated of spec.value.tasks) {
    const list = Object.hasOwn(lists, stated.id) ? lists[stated.id] : undefined;
    if (!Array.isArray(list)) return bad(`"items" has no list of the task "${stated.id}".`);
    const whole = itemsText(stated.id, list as Item[]);
    const wholeSha256 = await sha256(whole);
    const checked = { ...stated, itemsSha256: wholeSha256, items: list.length };
    const read = await parseItems(new TextEncoder().encode(whole), checked, file);
    if (!read.ok) return read;
    const lines = await sha256(itemLines(stated.id, list as Item[]));
    const same = [wholeSha256, lines].includes(stated.itemsSha256) && list.length === stated.items;
    if (!same) changed.push(stated.label);
    tasks.push(same ? stated : checked);
    items.push(list as Item[]);
  }
  return ok({ bundle: { spec: { ...spec.value, tasks }, items }, changed });
}
