import type { CheckpointSummary } from "../core/checkpoint/checkpoint-summary";
import { fail, type Problem, type Result } from "../core/result";
import { trainedRuns } from "../core/scoring/runs-file";
import { MACRO, targetsOf } from "../core/scoring/score-table";
import type { TaskSetLayout } from "../core/scoring/task";
import type { Engine } from "../engine/engine";
import type { Journal } from "../engine/journal";
import type { FolderSet, OpenedSet, Progress } from "../protocol/engine-protocol";
import type { FolderRef } from "../protocol/folder-ref";
import type { TaskBundle } from "../protocol/task-protocol";
import type { EngineSeat } from "./engine-seat";
import { layoutKey } from "./layout-key";
import { loadedSet, loadRuns, loadShippedSet, shippedMeasurements } from "./load-set";
import { useMixture } from "./mixture-store";
import { addMeasurements } from "./records";
import { scoredOn } from "./scored-on";
import { useView } from "./view-store";
import { type LoadedSet, NOTHING_KNOWN, notice, openedSet, sameWork, useWorkbench } from "./workbench-store";

export interface OpeningParts {
  readonly seat: EngineSeat;
  readonly journal: Journal;
  /** Ends what goes on with the open set. */
  readonly stop: () => void;
  /** Called when measurements of the open set have come in from elsewhere. */
  readonly refit: () => Promise<void>;
  /** Called when the engine has opened the set, or what was measured before is known: measuring may begin. */
  readonly ready: () => void;
  /** The tasks that somebody chose for a set instead of its own; null where it is scored on its own. */
  readonly chosen?: (spec: LoadedSet["spec"]) => Promise<ChosenForSet | null>;
}

export interface ChosenForSet {
  readonly bundle: TaskBundle;
  readonly layout: TaskSetLayout;
}

/** Opens sets; one is open at a time, and stays open until another one has been opened. */
export function createSetOpening({
  seat,
  journal,
  stop,
  refit,
  ready,
  chosen = async () => null,
}: OpeningParts) {
  let checking: AbortController | null = null;

  const isOpen = (set: LoadedSet) => openedSet()?.reference === set.reference;

  /** Puts a set in the place of the open one. */
  function adopt(set: LoadedSet): void {
    stop();
    checking?.abort();
    checking = null;
    const k = set.spec.components.length;
    if (useView.getState().axes.some((a) => a >= k)) useView.setState({ axes: [0, 1, 2] });
    keepKnownTarget(set.layout);
    // Before the set: a shared link is applied when the set appears, and stays.
    useMixture.getState().reset(k);
    useWorkbench.setState({ set: { phase: "ready", set }, ...NOTHING_KNOWN });
  }

  /** Journal, design and references of the open set, as far as they are about the tasks in use. */
  async function loadRecords(set: LoadedSet): Promise<void> {
    const { hash, layout, spec } = set;
    if (hash === null || set.unscored) return;
    const [design, own] = await Promise.all([
      spec.design && set.home && isOwnItems(set) ? loadRuns(set, spec.design) : null,
      journal.load(),
    ]);
    if (design && !design.ok) notice(design.problem);
    const shipped = design?.ok ? await shippedMeasurements(hash, layout, design.value) : [];
    if (!own.ok) notice(own.problem);
    else if (own.value.broken.length > 0) {
      notice({
        kind: "bad-file",
        message: `${own.value.broken.length} journal records cannot be read; they are left as they are.`,
        remedy: "They may come from a newer workbench.",
      });
    }
    if (!sameWork(openedSet(), set)) return;
    const records = own.ok ? own.value.records : [];
    addMeasurements([
      ...shipped,
      ...records.filter(
        (m) => m.key.set === hash && m.key.tasks === layout.hash && m.scores.length === layout.floats,
      ),
    ]);
    ready();
    await refit();
    void loadReferences(set);
  }

  async function loadReferences(set: LoadedSet): Promise<void> {
    if (!set.spec.references || !set.home || !isOwnItems(set)) return;
    const file = await loadRuns(set, set.spec.references);
    if (!sameWork(openedSet(), set)) return;
    if (file.ok) useWorkbench.setState({ runs: trainedRuns(file.value) });
    else notice(file.problem);
  }

  /**
   * Opens a set that ships its layout and measurements: the page shows it before the engine has it (see `warmUp`).
   * `url` is its folder, absolute.
   */
  async function openShipped(url: string): Promise<Result<LoadedSet>> {
    if (!openedSet()) useWorkbench.setState({ set: { phase: "loading", name: null, progress: null } });
    const loaded = await loadShippedSet(url);
    if (!loaded.ok) {
      if (!openedSet()) useWorkbench.setState({ set: { phase: "failed", problem: loaded.problem } });
      return loaded;
    }
    const tasks = await chosen(loaded.value.spec);
    const set = tasks ? scoredOn(loaded.value, tasks.layout) : loaded.value;
    adopt(set);
    if (useWorkbench.getState().engine.phase === "ready") useWorkbench.setState({ engine: { phase: "off" } });
    await loadRecords(set);
    return { ok: true, value: set };
  }

  /** The set with the tasks that were chosen for it, which the engine has from then on; as it is where it refuses them. */
  async function withChosen(engine: Engine, set: LoadedSet): Promise<LoadedSet> {
    const tasks = await chosen(set.spec);
    if (!tasks) return set;
    const laidOut = await engine.setTasks(new AbortController().signal, tasks.bundle);
    if (laidOut.ok) return scoredOn(set, laidOut.value);
    notice(laidOut.problem);
    return scoredOn(set, null);
  }

  /** Opens a set from folders: the open set gives way when every checkpoint was found to fit. */
  async function openFolders(
    reference: FolderSet,
    signal: AbortSignal,
    onProgress: (p: Progress) => void,
  ): Promise<Result<LoadedSet>> {
    const engine = await runningEngine();
    if (!engine.ok) return engine;
    const opened = await engine.value.openSet(signal, reference, onProgress);
    // The engine keeps the set that it had.
    if (!opened.ok) return opened;
    const set = await withChosen(engine.value, loadedSet(reference, opened.value));
    adopt(set);
    engineHas(opened.value);
    void loadRecords(set);
    return { ok: true, value: set };
  }

  /** What a folder holds; starts the engine where it does not run. */
  async function inspect(signal: AbortSignal, folder: FolderRef): Promise<Result<CheckpointSummary>> {
    const engine = await runningEngine();
    return engine.ok ? engine.value.inspect(signal, folder) : engine;
  }

  async function runningEngine(): Promise<Result<Engine>> {
    const running = seat.running();
    if (running) return { ok: true, value: running };
    const started = await seat.start();
    return started.ok ? { ok: true, value: seat.running()! } : started;
  }

  function engineHas(opened: OpenedSet): void {
    useWorkbench.setState({ engine: { phase: "ready", backend: opened.backend, opened } });
    if (!opened.set.health) void checkHealth();
  }

  /** Starts the engine afresh where it does not run, and opens the set's weights; may be called again after a failure. */
  async function warmUp(again = true): Promise<void> {
    const set = openedSet();
    const { engine: status } = useWorkbench.getState();
    if (!set || status.phase === "starting" || status.phase === "opening") return;
    const signal = new AbortController().signal;
    /** A worker that died while starting is started once more. */
    const failed = async (problem: Problem): Promise<void> => {
      if (!isOpen(set)) return;
      useWorkbench.setState({ engine: { phase: "failed", problem } });
      if (again && problem.kind === "worker-died") await warmUp(false);
    };
    if (status.phase !== "off" || !seat.running()) {
      useWorkbench.setState({ engine: { phase: "starting" } });
      const started = await seat.start();
      if (!started.ok) return failed(started.problem);
    }
    const [engine, backend] = [seat.running(), seat.backend()];
    if (!engine || !backend || !isOpen(set)) return;
    useWorkbench.setState({ engine: { phase: "opening", backend, progress: null } });
    const opened = await engine.openSet(signal, set.reference, (progress) => {
      if (isOpen(set) && useWorkbench.getState().engine.phase === "opening")
        useWorkbench.setState({ engine: { phase: "opening", backend, progress } });
    });
    if (!isOpen(set)) return;
    if (!opened.ok) return failed(opened.problem);
    const changed = changedSince(set, opened.value);
    if (changed) return failed(changed);
    const scored = await withChosen(engine, set);
    if (!isOpen(set)) return;
    engineHas(opened.value);
    if (layoutKey(scored.layout) === layoutKey(openedSet()!.layout)) ready();
    else await showTasks(scored);
  }

  /** Shows the open set on other tasks than before; what was measured on those that it leaves is kept in the journal. */
  async function showTasks(set: LoadedSet): Promise<void> {
    stop();
    keepKnownTarget(set.layout);
    const { health } = useWorkbench.getState();
    useWorkbench.setState({ ...NOTHING_KNOWN, health, set: { phase: "ready", set } });
    await loadRecords(set);
  }

  /**
   * Scores the open set on other tasks from now on; null stands for its own. A refusal leaves the tasks as they were.
   * `adopted` is called before the page shows them.
   */
  async function setTasks(
    bundle: TaskBundle | null,
    signal: AbortSignal,
    adopted: (set: LoadedSet) => Promise<void> = async () => undefined,
  ): Promise<Result<LoadedSet>> {
    const set = openedSet();
    const engine = seat.running();
    if (!set || !engine || useWorkbench.getState().engine.phase !== "ready")
      return fail("backend", "The engine is not ready, so the tasks were not changed.", {
        remedy: "Wait until it has opened the set.",
      });
    stop();
    const laidOut = await engine.setTasks(signal, bundle);
    const now = openedSet();
    if (!now || !isOpen(set)) return fail("cancelled", "Another set was opened.");
    if (!laidOut.ok) {
      ready();
      void refit();
      return laidOut;
    }
    const next = scoredOn(now, bundle && laidOut.value);
    await adopted(next);
    await showTasks(next);
    return { ok: true, value: next };
  }

  /** Reads all weights of the open set; starts by itself where opening did not do it. */
  async function checkHealth(): Promise<void> {
    const set = openedSet();
    const engine = seat.running();
    const status = useWorkbench.getState().engine;
    if (!set || !engine || status.phase !== "ready" || checking) return;
    const mine = new AbortController();
    checking = mine;
    const startedAt = performance.now();
    useWorkbench.setState({ health: { phase: "running", progress: null, startedAt } });
    const isMine = () => checking === mine && isOpen(set);
    const checked = await engine.checkHealth(mine.signal, (progress) => {
      if (isMine()) useWorkbench.setState({ health: { phase: "running", progress, startedAt } });
    });
    if (!isMine()) return;
    checking = null;
    if (!checked.ok) {
      const { problem } = checked;
      useWorkbench.setState({
        health: problem.kind === "cancelled" ? { phase: "cancelled" } : { phase: "failed", problem },
      });
      return;
    }
    const now = useWorkbench.getState().engine;
    if (now.phase === "ready")
      useWorkbench.setState({ engine: { ...now, opened: { ...now.opened, set: checked.value } } });
    const known: LoadedSet = { ...openedSet()!, hash: checked.value.hash, spec: checked.value.spec };
    useWorkbench.setState({ health: { phase: "idle" }, set: { phase: "ready", set: known } });
    if (set.hash === null) await loadRecords(known);
  }

  return {
    openShipped,
    openFolders,
    inspect,
    warmUp,
    setTasks,
    checkHealth,
    cancelHealth: () => checking?.abort(),
  };
}

/** Shipped runs speak of the set's own items, in whatever domains these are read. */
const isOwnItems = ({ own, layout }: LoadedSet): boolean => !own || own.layout.hash === layout.hash;

function keepKnownTarget(layout: TaskSetLayout): void {
  if (!targetsOf(layout).some((t) => t.id === useView.getState().target)) useView.setState({ target: MACRO });
}

/** Why what the engine opened is not what the page shows; null where it is. */
function changedSince(set: LoadedSet, { set: weights, tasks }: OpenedSet): Problem | null {
  const own = set.own ?? set;
  const sameTasks = own.unscored !== null || tasks?.hash === own.layout.hash;
  const sameWeights = weights.hash === null || set.hash === null || weights.hash === set.hash;
  if (sameTasks && sameWeights) return null;
  const remedy =
    typeof set.reference === "string"
      ? "Build the set again (npm run items), then reload."
      : "Open the set again.";
  return {
    kind: "bad-set",
    message: `The set's ${sameTasks ? "weights" : "tasks"} are not those of ${
      typeof set.reference === "string" ? "its layout.json and demix-set.json" : "the set when it was opened"
    }, so nothing is measured.`,
    remedy,
  };
}
