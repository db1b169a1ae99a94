import { fail, ok, type Result } from "../core/result";
import type { Item } from "../core/scoring/task";
import { parseItems, parseTaskSet } from "../core/scoring/task-files";
import type { FolderRef } from "../protocol/folder-ref";
import type { TaskBundle } from "../protocol/task-protocol";
import { readHomeFile, readHomeText } from "./home-files";
import type { LoadedSet } from "./workbench-store";

/** The set's own tasks with their items, read from where the set lies, or from the tasks that it is scored on instead. */
export async function readOwnTasks({ spec, home, reference }: LoadedSet): Promise<Result<TaskBundle>> {
  if (typeof reference !== "string" && !spec.tasks) {
    const { tasks } = reference;
    if (typeof tasks !== "string") return ok(tasks);
    const folder = new URL("./", tasks).href;
    return readTasks({ kind: "http", url: folder }, tasks.slice(folder.length));
  }
  if (!home)
    return fail("bad-task", "The set file came without its folder, so its tasks cannot be read here.");
  return readTasks(home, spec.tasks ?? "tasks.json");
}

async function readTasks(home: FolderRef, path: string): Promise<Result<TaskBundle>> {
  const text = await readHomeText(home, path);
  if (!text.ok) return text;
  const spec = parseTaskSet(text.value, path);
  if (!spec.ok) return spec;
  const place = path.slice(0, path.lastIndexOf("/") + 1);
  const read = async (task: (typeof spec.value.tasks)[number]): Promise<Result<Item[]>> => {
    const bytes = await readHomeFile(home, place + task.itemsFile);
    return bytes.ok ? parseItems(new Uint8Array(bytes.value), task, task.itemsFile) : bytes;
  };
  const items: Item[][] = [];
  for (const one of await Promise.all(spec.value.tasks.map(read))) {
    if (!one.ok) return one;
    items.push(one.value);
  }
  return ok({ spec: spec.value, items });
}
