import type { FitRow } from "../core/predict/surface";
import type { Problem, Result } from "../core/result";
import { subjectText } from "../core/scoring/address";
import type { Measurement, Subject } from "../core/scoring/measurement";
import { trainedRuns } from "../core/scoring/runs-file";
import { targetsOf } from "../core/scoring/score-table";
import type { Engine } from "../engine/engine";
import type { Journal } from "../engine/journal";
import type { Predictor } from "../engine/predict-bridge";
import { loadRuns, loadSet, shippedMeasurements } from "./load-set";
import { addMeasurements, isComplete, measure } from "./measuring";
import { useMixture } from "./mixture-store";
import { tableOf } from "./tables";
import { useView } from "./view-store";
import { notice, useWorkbench } from "./workbench-store";

export interface Parts {
  readonly engine: () => Promise<Engine>;
  readonly journal: Journal;
  readonly predictor: Predictor;
}

/** Milliseconds without a change after which a mixture counts as released. */
const SETTLE_MS = 150;
/** A search adds many measurements: the page fits again after this many. */
const REFIT_EVERY = 8;

/** Owns what happens when: opening, measuring after a release, fitting after a measurement. One per page. */
export function createController(parts: Parts) {
  let engine: Engine | null = null;
  let wanted: AbortController | null = null;
  let searching: AbortController | null = null;
  let settle: ReturnType<typeof setTimeout> | undefined;
  let fit: AbortController | null = null;
  let sinceFit = 0;

  async function open(url: string): Promise<void> {
    useWorkbench.setState({ set: { phase: "loading" } });
    const loaded = await loadSet(url);
    if (!loaded.ok) {
      useWorkbench.setState({ set: { phase: "failed", problem: loaded.problem } });
      return;
    }
    const set = loaded.value;
    useMixture.getState().reset(set.spec.components.length);
    const axes = useView.getState().axes;
    if (axes.some((a) => a >= set.spec.components.length)) useView.setState({ axes: [0, 1, 2] });
    useWorkbench.setState({ set: { phase: "ready", set }, measurements: [], bySubject: new Map() });
    const [design, journal] = await Promise.all([
      set.spec.design ? loadRuns(set, set.spec.design) : null,
      parts.journal.load(),
    ]);
    if (design && !design.ok) notice(design.problem);
    const shipped = design?.ok ? await shippedMeasurements(set, design.value) : [];
    if (!journal.ok) notice(journal.problem);
    const own = journal.ok
      ? journal.value.records.filter((m) => m.key.set === set.hash && m.key.tasks === set.layout.hash)
      : [];
    if (journal.ok && journal.value.broken.length > 0) {
      notice({
        kind: "bad-file",
        message: `${journal.value.broken.length} journal records cannot be read; they are left as they are.`,
        remedy: "They may come from a newer workbench.",
      });
    }
    addMeasurements([...shipped, ...own.filter((m) => m.scores.length === set.layout.floats)]);
    await refit();
    void loadReferences();
  }

  async function loadReferences(): Promise<void> {
    const { set } = useWorkbench.getState();
    if (set.phase !== "ready" || !set.set.spec.references) return;
    const file = await loadRuns(set.set, set.set.spec.references);
    if (file.ok) useWorkbench.setState({ runs: trainedRuns(file.value) });
    else notice(file.problem);
  }

  /** Starts the engine and opens the set's weights; may be called again after a failure. */
  async function warmUp(again = true): Promise<void> {
    const { set, engine: status } = useWorkbench.getState();
    if (set.phase !== "ready" || status.phase === "starting" || status.phase === "opening") return;
    const signal = new AbortController().signal;
    /** A worker that died while starting is started once more. */
    const failed = async (problem: Problem): Promise<void> => {
      useWorkbench.setState({ engine: { phase: "failed", problem } });
      if (again && problem.kind === "worker-died") await warmUp(false);
    };
    useWorkbench.setState({ engine: { phase: "starting" } });
    engine?.close();
    engine = await parts.engine();
    engine.onRestart((why, backend) => {
      notice({ kind: "backend", message: why });
      const { engine: now } = useWorkbench.getState();
      if (backend && now.phase === "ready") useWorkbench.setState({ engine: { ...now, backend } });
    });
    const requested = new URLSearchParams(location.search).get("backend");
    const choice =
      requested === "wasm" || requested === "wasm-threads" || requested === "webgpu" ? requested : "auto";
    const started = await engine.start(signal, { backend: choice });
    if (!started.ok) return failed(started.problem);
    const backend = started.value;
    useWorkbench.setState({ engine: { phase: "opening", backend, progress: null } });
    const opened = await engine.openSet(signal, new URL(set.set.url, location.href).href, (progress) => {
      if (useWorkbench.getState().engine.phase === "opening") {
        useWorkbench.setState({ engine: { phase: "opening", backend, progress } });
      }
    });
    if (!opened.ok) return failed(opened.problem);
    const { tasks, set: weights } = opened.value;
    if (tasks?.hash !== set.set.layout.hash || weights.hash !== set.set.hash) {
      return failed({
        kind: "bad-set",
        message: `The set's ${tasks?.hash === set.set.layout.hash ? "weights" : "tasks"} are not those of its layout.json and demix-set.json, so nothing is measured.`,
        remedy: "Build the set again (npm run items), then reload.",
      });
    }
    useWorkbench.setState({
      engine: { phase: "ready", backend: opened.value.backend, opened: opened.value },
    });
    void measureWanted();
  }

  /** Measures what the sliders show; a search in progress gives way and goes on afterwards. */
  async function measureWanted(): Promise<void> {
    const { alpha } = useMixture.getState();
    if (!engine || useWorkbench.getState().engine.phase !== "ready" || alpha.length === 0) return;
    const subject: Subject = { kind: "mixture", alpha };
    const known = useWorkbench.getState().bySubject.get(subjectText(subject));
    wanted?.abort();
    if (known && isComplete(known)) {
      wanted = null;
      return;
    }
    const mine = new AbortController();
    wanted = mine;
    searching?.abort();
    performance.mark("demix:release");
    const result = await measure(engine, parts.journal, subject, "user", mine.signal);
    if (wanted === mine) wanted = null;
    if (!result.ok) {
      if (result.problem.kind !== "cancelled") notice(result.problem);
    } else if (isComplete(result.value)) await refit();
  }

  /** For a search: waits until nobody drags, measures, and starts over when a drag interrupted it. */
  async function measureForSearch(subject: Subject, signal: AbortSignal): Promise<Result<Measurement>> {
    for (;;) {
      while ((wanted || useMixture.getState().gesture) && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      if (!engine) return { ok: false, problem: { kind: "backend", message: "The engine is not ready." } };
      const mine = new AbortController();
      const stop = () => mine.abort();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) mine.abort();
      searching = mine;
      const result = await measure(engine, parts.journal, subject, "search", mine.signal);
      signal.removeEventListener("abort", stop);
      if (searching === mine) searching = null;
      const interrupted = result.ok ? !isComplete(result.value) : result.problem.kind === "cancelled";
      if (!interrupted || signal.aborted) {
        if (result.ok && ++sinceFit >= REFIT_EVERY) void refit();
        return result;
      }
    }
  }

  /** Fits the target on show first, then all of them; a newer call replaces an older one. */
  async function refit(): Promise<void> {
    const { set, measurements } = useWorkbench.getState();
    if (set.phase !== "ready") return;
    const { layout } = set.set;
    const { view, target } = useView.getState();
    fit?.abort();
    const mine = new AbortController();
    fit = mine;
    sinceFit = 0;
    const rows: FitRow[] = measurements.flatMap((m) => {
      const { subject } = m.key;
      if (subject.kind !== "mixture" || !isComplete(m)) return [];
      // Complete measurements share their items: what is left between them is no sampling noise.
      const values = Object.entries(tableOf(layout, m.scores, view)).map(
        ([id, e]) => [id, { value: e.value, se: 0 }] as const,
      );
      return [{ alpha: subject.alpha, values: Object.fromEntries(values) }];
    });
    useWorkbench.setState({ fitting: true });
    const all = targetsOf(layout).map((t) => t.id);
    const current = useWorkbench.getState().fitted;
    const first = current?.view === view ? [all] : [[target], all];
    for (const targets of first) {
      const fitted = await parts.predictor.fit(mine.signal, rows, targets, 1);
      if (mine.signal.aborted) return;
      if (fitted.ok && !useWorkbench.getState().fitted) performance.mark("demix:surface");
      useWorkbench.setState(
        fitted.ok
          ? { fitted: { surface: fitted.value, view, rows: rows.length }, fitProblem: null }
          : { fitted: null, fitProblem: fitted.problem },
      );
    }
    useWorkbench.setState({ fitting: false });
  }

  /** Wires the stores: measure after a release, cancel on a new position, fit again when the view changes. */
  function connect(): () => void {
    const offMixture = useMixture.subscribe((now, before) => {
      if (now.alpha !== before.alpha) {
        wanted?.abort();
        clearTimeout(settle);
        settle = setTimeout(() => void measureWanted(), SETTLE_MS);
      } else if (before.gesture && !now.gesture) {
        clearTimeout(settle);
        void measureWanted();
      }
    });
    const offView = useView.subscribe((now, before) => {
      if (now.view !== before.view) void refit();
    });
    return () => {
      offMixture();
      offView();
      clearTimeout(settle);
      wanted?.abort();
      fit?.abort();
      engine?.close();
    };
  }

  return {
    open,
    warmUp,
    measureWanted,
    measureForSearch,
    refit,
    connect,
    /** Stops measuring what the sliders show; what is scored is kept. */
    cancelMeasurement: () => wanted?.abort(),
    predictor: parts.predictor,
  };
}

export type Controller = ReturnType<typeof createController>;
