import { sha256 } from "../core/canonical";
import { fail, ok, type Result } from "../core/result";
import type { Domain, Item, MetricId, ScoringMode, TaskSetSpec, TaskSpec } from "../core/scoring/task";
import { childSeed, seededRandom } from "../core/seeded-random";
import type { ReadTask, Remade } from "../core/tasks/read-dropped";
import type { TaskBundle } from "../protocol/task-protocol";

/** A task on the workbench: whole, with what was decided about it. */
export interface DraftTask {
  readonly key: string;
  /** As it was recognised, but for what the page changes: label, domain, which metrics count. */
  readonly spec: TaskSpec;
  /** All items of the file. */
  readonly items: readonly Item[];
  /** False: left out of the task set. */
  readonly used: boolean;
  /** Items that are scored, a seeded sample; all when null. */
  readonly limit: number | null;
  /** What it was recognised as; "" for a task that stood in a tasks file. */
  readonly recognised: string;
  readonly licence: string | null;
  readonly warnings: readonly string[];
  /** Scoring modes in which it can be made, and from what; none where there is only one way. */
  readonly modes: readonly ScoringMode[];
  readonly made: Remade | null;
}

/** A task set in the making. */
export interface TaskDraft {
  readonly name: string;
  readonly domains: readonly Domain[];
  readonly tasks: readonly DraftTask[];
  /** Of the samples. */
  readonly seed: number;
}

export const EMPTY_DRAFT: TaskDraft = { name: "My tasks", domains: [], tasks: [], seed: 0 };

/** The text of a demix-items file, as compiled tasks have it; its SHA-256 is what a task states of its items. */
export const itemsText = (task: string, items: readonly Item[]): string =>
  JSON.stringify({ format: "demix-items", version: 2, task, items });

/** A task that was read from files, before it has a place in a draft. */
export const draftTask = ({ spec, items, notes, licence, recognised, modes, made }: ReadTask): DraftTask => ({
  key: `${spec.id} ${spec.itemsSha256}`,
  ...{ spec, items, recognised, licence, modes, made },
  used: true,
  limit: null,
  warnings: notes,
});

/** The draft that makes a task set again. */
export function draftOf({ spec, items }: TaskBundle): TaskDraft {
  return {
    name: spec.name,
    domains: spec.domains,
    seed: 0,
    tasks: spec.tasks.map((task, t) => ({
      key: `${task.id} ${task.itemsSha256}`,
      spec: task,
      items: items[t]!,
      used: true,
      limit: null,
      recognised: "",
      licence: null,
      warnings: [],
      modes: [],
      made: null,
    })),
  };
}

/** Indices of a seeded sample without replacement, in file order; all of them when `limit` is no smaller than `n`. */
export function sampleItems(n: number, limit: number, seed: number): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  if (limit >= n) return all;
  const random = seededRandom(seed);
  for (let i = 0; i < limit; i++) {
    const j = i + Math.floor(random() * (n - i));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, limit).sort((a, b) => a - b);
}

/** Items that a task of the draft contributes. */
export const countItems = ({ items, limit }: DraftTask): number =>
  Math.min(items.length, limit ?? items.length);

/** The task set that the draft stands for; a task whose items are all there keeps its address. */
export async function bundleOf(draft: TaskDraft): Promise<Result<TaskBundle>> {
  const used = draft.tasks.filter((t) => t.used);
  if (used.length === 0)
    return fail("bad-task", "No task is chosen.", { remedy: "Tick at least one, or drop a benchmark file." });
  const domains = draft.domains.filter((d) => used.some((t) => t.spec.domain === d.id));
  const tasks: TaskSpec[] = [];
  const items: (readonly Item[])[] = [];
  for (const [t, task] of used.entries()) {
    const count = countItems(task);
    if (count === task.items.length) {
      tasks.push({ ...task.spec, items: count });
      items.push(task.items);
      continue;
    }
    const chosen = sampleItems(task.items.length, count, childSeed(draft.seed, t)).map((i) => task.items[i]!);
    const itemsSha256 = await sha256(itemsText(task.spec.id, chosen));
    tasks.push({ ...task.spec, items: count, itemsSha256 });
    items.push(chosen);
  }
  const spec: TaskSetSpec = { format: "demix-tasks", version: 2, name: draft.name, domains, tasks };
  return ok({ spec, items });
}

/** Adds tasks; one with the id of another gets a number, one that is there already is not added twice. */
export async function withTasks(draft: TaskDraft, added: readonly DraftTask[]): Promise<TaskDraft> {
  const tasks = [...draft.tasks];
  const domains = [...draft.domains];
  for (const task of added) {
    const same = (t: DraftTask) =>
      t.spec.itemsSha256 === task.spec.itemsSha256 && (t.spec.mode ?? "") === (task.spec.mode ?? "");
    if (tasks.some(same)) continue;
    let id = task.spec.id;
    for (let n = 2; tasks.some((t) => t.spec.id === id); n++) id = `${task.spec.id}_${n}`;
    if (!domains.some((d) => d.id === task.spec.domain))
      domains.push({ id: task.spec.domain, label: titled(task.spec.domain) });
    const itemsSha256 = id === task.spec.id ? task.spec.itemsSha256 : await sha256(itemsText(id, task.items));
    tasks.push({ ...task, key: `${id} ${itemsSha256}`, spec: { ...task.spec, id, itemsSha256 } });
  }
  return { ...draft, domains, tasks };
}

const titled = (id: string): string => id.slice(0, 1).toUpperCase() + id.slice(1).replaceAll("_", " ");

const changeTask = (draft: TaskDraft, key: string, change: (t: DraftTask) => DraftTask): TaskDraft => ({
  ...draft,
  tasks: draft.tasks.map((t) => (t.key === key ? change(t) : t)),
});

export const tickTask = (draft: TaskDraft, key: string, used: boolean): TaskDraft =>
  changeTask(draft, key, (t) => ({ ...t, used }));

export const limitTask = (draft: TaskDraft, key: string, limit: number | null): TaskDraft =>
  changeTask(draft, key, (t) => ({ ...t, limit: limit === null || limit >= t.items.length ? null : limit }));

export const moveTask = (draft: TaskDraft, key: string, domain: string): TaskDraft =>
  changeTask(draft, key, (t) => ({ ...t, spec: { ...t.spec, domain } }));

export const renameTask = (draft: TaskDraft, key: string, label: string): TaskDraft =>
  changeTask(draft, key, (t) => ({ ...t, spec: { ...t.spec, label } }));

export const chooseMetric = (
  draft: TaskDraft,
  key: string,
  which: "accuracyMetric" | "continuousMetric",
  metric: MetricId,
): TaskDraft => changeTask(draft, key, (t) => ({ ...t, spec: { ...t.spec, [which]: metric } }));

/** A task made anew in another mode stands where it stood, with its name, domain and limit. */
export const replaceTask = (draft: TaskDraft, key: string, made: DraftTask): TaskDraft =>
  changeTask(draft, key, (t) => ({
    ...made,
    used: t.used,
    limit: t.limit,
    spec: { ...made.spec, domain: t.spec.domain },
  }));

export const removeTask = (draft: TaskDraft, key: string): TaskDraft => ({
  ...draft,
  tasks: draft.tasks.filter((t) => t.key !== key),
});

/** A domain named by its label; resolves to the one that has it already, where there is one. */
export function addDomain(
  draft: TaskDraft,
  label: string,
): { readonly draft: TaskDraft; readonly id: string } {
  const known = draft.domains.find((d) => d.label.toLowerCase() === label.toLowerCase());
  if (known) return { draft, id: known.id };
  const stem =
    label
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "_")
      .replace(/^_+|_+$/g, "") || "domain";
  let id = stem;
  for (let n = 2; draft.domains.some((d) => d.id === id); n++) id = `${stem}_${n}`;
  return { draft: { ...draft, domains: [...draft.domains, { id, label }] }, id };
}

export const renameDomain = (draft: TaskDraft, id: string, label: string): TaskDraft => ({
  ...draft,
  domains: draft.domains.map((d) => (d.id === id ? { ...d, label } : d)),
});
