import type { Result } from "../core/result";
import { taskSetHash } from "../core/scoring/layout";
import { createTaskReader, type TaskReader } from "../engine/task-reader";
import type { TaskBundle } from "../protocol/task-protocol";
import type { Controller } from "./controller";
import { createFileTaking } from "./file-taking";
import { layoutKey } from "./layout-key";
import { readOwnTasks } from "./own-task-items";
import {
  chooseTasks,
  chosenTasks,
  dropDraft,
  forgetTaskSet,
  keepDraft,
  keptDraft,
  type SavedTaskSet,
  savedTaskSet,
  savedTaskSets,
  saveTaskSet,
  setKey,
} from "./saved-task-sets";
import type { ChosenForSet } from "./set-opening";
import { bundleOf, countItems, draftOf, type TaskDraft } from "./task-draft";
import { readTaskSetText, taskSetText } from "./task-set-file";
import { useTasks } from "./tasks-store";
import { type LoadedSet, notice, openedSet, useWorkbench } from "./workbench-store";

const KEEP_AFTER_MS = 400;

/** What was chosen for a set in this browser, with its items; null where the set is scored on its own tasks. */
export async function chosenForSet(spec: LoadedSet["spec"]): Promise<ChosenForSet | null> {
  const chosen = await chosenTasks(setKey(spec));
  if (!chosen) return null;
  const saved = await savedTaskSet(chosen.id);
  const bundle = saved && (await bundleOf(saved.draft));
  return bundle?.ok ? { bundle: bundle.value, layout: chosen.layout } : null;
}

/** Where task sets are put together, used, saved and brought back. */
export function createTasksDesk(
  controller: Pick<Controller, "setTasks">,
  reader: TaskReader = createTaskReader(),
) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let applying: AbortController | null = null;
  const taking = createFileTaking(reader, { change: changeNow, openText });

  /** Reads the items of the tasks in use, and the draft that was left; called when a set or its tasks change. */
  async function show(set: LoadedSet): Promise<void> {
    useTasks.setState({ inUse: { state: "reading" }, problem: null });
    const key = setKey(set.spec);
    const [own, kept] = await Promise.all([itemsOf(set), keptDraft(key)]);
    if (openedSet()?.layout !== set.layout) return;
    useTasks.setState({
      inUse: own.ok
        ? { state: "known", hash: set.layout.hash, bundle: own.value }
        : { state: "unknown", problem: own.problem },
    });
    if (kept) useTasks.setState({ draft: kept, isInUse: false });
    else if (own.ok) await showInUse(set, own.value);
    void loadSaved();
  }

  /** The draft of what is in use: as it was saved, or made from the items. */
  async function showInUse(set: LoadedSet, bundle: TaskBundle): Promise<void> {
    const chosen = set.own && (await chosenTasks(setKey(set.spec)));
    const saved = chosen ? await savedTaskSet(chosen.id) : null;
    useTasks.setState({ draft: saved?.draft ?? draftOf(bundle), isInUse: true });
  }

  async function itemsOf(set: LoadedSet): Promise<Result<TaskBundle>> {
    const chosen = set.own ? await chosenForSet(set.spec) : null;
    return chosen ? { ok: true, value: chosen.bundle } : readOwnTasks(set);
  }

  /** Changes the draft, and keeps it in the browser. */
  function change(make: (draft: TaskDraft) => TaskDraft): void {
    const { draft } = useTasks.getState();
    const next = make(draft);
    if (next === draft) return;
    useTasks.setState({ draft: next, isInUse: false, problem: null });
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), KEEP_AFTER_MS);
  }

  /** A change that was worked out elsewhere from the draft of now. */
  async function changeNow(make: (draft: TaskDraft) => Promise<TaskDraft>): Promise<void> {
    const next = await make(useTasks.getState().draft);
    change(() => next);
  }

  async function keep(): Promise<void> {
    clearTimeout(timer);
    const set = openedSet();
    const { draft, isInUse } = useTasks.getState();
    if (!set || isInUse) return;
    if (!(await keepDraft(setKey(set.spec), draft)))
      notice({
        kind: "quota",
        message: "The browser did not keep the task set that is being put together.",
        remedy: "Save it as a file on the Tasks page.",
      });
  }

  /** Measures on the draft's tasks from now on. */
  async function applyDraft(): Promise<void> {
    const set = openedSet();
    if (!set || applying) return;
    const { draft } = useTasks.getState();
    const bundle = await bundleOf(draft);
    if (!bundle.ok) return useTasks.setState({ problem: bundle.problem });
    const saved = await save(draft, bundle.value);
    await apply(bundle.value, saved);
  }

  /** Measures on the tasks that the set came with. */
  const applyOwn = (): Promise<void> => apply(null, null);

  async function apply(bundle: TaskBundle | null, saved: SavedTaskSet | null): Promise<void> {
    const set = openedSet();
    if (!set) return;
    const mine = new AbortController();
    applying = mine;
    clearTimeout(timer);
    useTasks.setState({ applying: true, problem: null });
    const key = setKey(set.spec);
    // Before the engine has them: the page asks for what is chosen as soon as it has.
    const before = await chosenTasks(key);
    const laidOut = await controller.setTasks(bundle, mine.signal, async (next) => {
      await chooseTasks(key, next.own && saved ? { id: saved.id, layout: next.layout } : null);
      await dropDraft(key);
    });
    applying = null;
    useTasks.setState({ applying: false });
    if (laidOut.ok) return;
    await chooseTasks(key, before);
    if (laidOut.problem.kind !== "cancelled") useTasks.setState({ problem: laidOut.problem });
  }

  /** Puts the draft among the saved task sets. */
  async function save(draft: TaskDraft, bundle: TaskBundle): Promise<SavedTaskSet> {
    const saved: SavedTaskSet = {
      id: await idOf(bundle),
      name: draft.name,
      tasks: bundle.spec.tasks.length,
      items: draft.tasks.reduce((n, t) => n + (t.used ? countItems(t) : 0), 0),
      savedAt: Date.now(),
      draft,
    };
    if (!(await saveTaskSet(saved)))
      notice({
        kind: "quota",
        message: `The browser did not keep the task set "${draft.name}".`,
        remedy: "Save it as a file on the Tasks page.",
      });
    await loadSaved();
    return saved;
  }

  async function loadSaved(): Promise<void> {
    useTasks.setState({ saved: await savedTaskSets() });
  }

  async function forget(id: string): Promise<void> {
    await forgetTaskSet(id);
    await loadSaved();
  }

  /** Drops the changes: the draft is what is in use again. */
  async function revert(): Promise<void> {
    const set = openedSet();
    const { inUse } = useTasks.getState();
    if (!set || inUse.state !== "known") return;
    clearTimeout(timer);
    await dropDraft(setKey(set.spec));
    await showInUse(set, inUse.bundle);
  }

  /** A task set file in the place of the draft; resolves with labels of tasks whose items were changed by hand. */
  async function openText(text: string, file: string): Promise<Result<readonly string[]>> {
    const read = await readTaskSetText(text, file);
    if (!read.ok) return read;
    change(() => draftOf(read.value.bundle));
    return { ok: true, value: read.value.changed };
  }

  /** The draft as a file's text. */
  async function text(): Promise<string | null> {
    const bundle = await bundleOf(useTasks.getState().draft);
    if (bundle.ok) return taskSetText(bundle.value);
    useTasks.setState({ problem: bundle.problem });
    return null;
  }

  /** Follows the open set and its tasks. */
  function connect(): () => void {
    let shown = "";
    const follow = () => {
      const set = openedSet();
      if (!set) return;
      const now = `${setKey(set.spec)} ${layoutKey(set.layout)}`;
      if (now === shown) return;
      shown = now;
      void show(set);
    };
    follow();
    const off = useWorkbench.subscribe((now, before) => {
      if (now.set !== before.set) follow();
    });
    const leave = () => void keep();
    addEventListener("pagehide", leave);
    return () => {
      off();
      removeEventListener("pagehide", leave);
    };
  }

  return {
    connect,
    change,
    applyDraft,
    applyOwn,
    revert,
    forget,
    openText,
    text,
    openSaved: (saved: SavedTaskSet) => change(() => saved.draft),
    ...taking,
  };
}

export type TasksDesk = ReturnType<typeof createTasksDesk>;

const idOf = async ({ spec }: TaskBundle): Promise<string> => {
  const domains = spec.tasks.map((t) => `${t.domain}/${t.accuracyMetric}/${t.continuousMetric}`).join(" ");
  return `${await taskSetHash(spec)} ${spec.name} ${domains}`;
};
