import { createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import { canonicalJson } from "../core/canonical";
import type { ComponentSetSpec } from "../core/checkpoint/component-set";
import type { TaskSetLayout } from "../core/scoring/task";
import type { TaskDraft } from "./task-draft";

/** A task set that was used or saved in this browser; its draft makes it again. */
export interface SavedTaskSet {
  /** Content address of the task set. */
  readonly id: string;
  readonly name: string;
  readonly tasks: number;
  readonly items: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly draft: TaskDraft;
}

/** The tasks that a component set is scored on in this browser, where they are not its own. */
export interface ChosenTasks {
  readonly id: string;
  /** As the engine laid them out for this set: the page shows measurements before the engine has it. */
  readonly layout: TaskSetLayout;
}

const stores = new Map<string, UseStore>();
function store(name: string): UseStore {
  let known = stores.get(name);
  if (!known) {
    known = createStore(`demix-${name}`, "entries");
    stores.set(name, known);
  }
  return known;
}
const SETS = "task-sets";
const CHOSEN = "tasks-in-use";
const DRAFT = "task-draft";

/** What names a component set before its weights are known. */
export const setKey = ({ name, base, components }: ComponentSetSpec): string =>
  canonicalJson([name, base.source, ...components.map((c) => c.source)]);

/** Newest first; none where the browser denies storage. */
export async function savedTaskSets(): Promise<SavedTaskSet[]> {
  try {
    const all = await entries<string, SavedTaskSet>(store(SETS));
    return all.map(([, saved]) => saved).sort((a, b) => b.savedAt - a.savedAt);
  } catch {
    return [];
  }
}

/** False where the browser has no room. */
export const saveTaskSet = (saved: SavedTaskSet): Promise<boolean> => put(SETS, saved.id, saved);
export const savedTaskSet = (id: string): Promise<SavedTaskSet | null> => read<SavedTaskSet>(SETS, id);
export const forgetTaskSet = (id: string): Promise<void> => drop(SETS, id);

export const chosenTasks = (key: string): Promise<ChosenTasks | null> => read<ChosenTasks>(CHOSEN, key);

/** Null: the set is scored on its own tasks again. */
export async function chooseTasks(key: string, chosen: ChosenTasks | null): Promise<boolean> {
  if (chosen) return put(CHOSEN, key, chosen);
  await drop(CHOSEN, key);
  return true;
}

/** The draft of a component set, as it was left. */
export const keptDraft = (key: string): Promise<TaskDraft | null> => read<TaskDraft>(DRAFT, key);
export const keepDraft = (key: string, draft: TaskDraft): Promise<boolean> => put(DRAFT, key, draft);
export const dropDraft = (key: string): Promise<void> => drop(DRAFT, key);

async function read<T>(name: string, key: string): Promise<T | null> {
  try {
    return (await get<T>(key, store(name))) ?? null;
  } catch {
    return null;
  }
}

async function drop(name: string, key: string): Promise<void> {
  try {
    await del(key, store(name));
  } catch {
    // Nothing can be kept there, so nothing is.
  }
}

async function put(name: string, key: string, value: unknown): Promise<boolean> {
  try {
    await set(key, value, store(name));
    return true;
  } catch {
    return false;
  }
}
