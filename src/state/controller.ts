import { fail, type Result } from "../core/result";
import type { Measurement, Subject } from "../core/scoring/measurement";
import type { Engine } from "../engine/engine";
import type { Journal } from "../engine/journal";
import type { Predictor } from "../engine/predict-bridge";
import { createEngineSeat } from "./engine-seat";
import { createFitting } from "./fitting";
import { measure } from "./measuring";
import { useMixture } from "./mixture-store";
import { addMeasurements, isComplete, recordOf, showMethod } from "./records";
import { createSetOpening } from "./set-opening";
import { chosenForSet } from "./tasks-desk";
import { useView } from "./view-store";
import { notice, openedSet, sameWork, useWorkbench } from "./workbench-store";

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
  const seat = createEngineSeat(parts.engine);
  const fitting = createFitting(parts.predictor);
  const opening = createSetOpening({
    seat,
    chosen: chosenForSet,
    journal: parts.journal,
    stop: () => {
      clearTimeout(settle);
      wanted?.abort();
      searching?.abort();
      fitting.stop();
      fitting.forget();
      sinceFit = 0;
    },
    refit,
    ready: () => {
      if (!measurable()) return;
      onReady();
      measureAtOnce();
    },
  });
  let onReady: () => void = () => undefined;
  let wanted: AbortController | null = null;
  let searching: AbortController | null = null;
  let settle: ReturnType<typeof setTimeout> | undefined;
  let sinceFit = 0;
  /** The method changed during a gesture: fitted at its end. */
  let refitDue = false;

  function refit(): Promise<void> {
    sinceFit = 0;
    refitDue = false;
    return fitting.refit();
  }

  /** Whether the open set's mixtures can be measured now. */
  function measurable(): boolean {
    const set = openedSet();
    return useWorkbench.getState().engine.phase === "ready" && set?.hash != null && !set.unscored;
  }

  /** Measures unasked what the sliders show; not where that takes a pass over the weights of a large model. */
  function measureAtOnce(): void {
    const { engine } = useWorkbench.getState();
    if (engine.phase === "ready" && engine.opened.streamed) wanted?.abort();
    else void measureWanted();
  }

  /** Measures what the sliders show; a search in progress gives way and goes on afterwards. */
  async function measureWanted(): Promise<void> {
    const { alpha, method } = useMixture.getState();
    const engine = seat.running();
    if (!engine || !measurable() || alpha.length === 0) return;
    const subject: Subject = { kind: "mixture", alpha };
    const known = recordOf(subject, method);
    wanted?.abort();
    if (known && isComplete(known)) {
      wanted = null;
      return;
    }
    const mine = new AbortController();
    wanted = mine;
    searching?.abort();
    performance.mark("demix:release");
    const result = await measure(engine, parts.journal, { subject, method }, "user", mine.signal);
    if (wanted === mine) wanted = null;
    if (!result.ok) {
      if (result.problem.kind !== "cancelled") notice(result.problem);
    } else if (isComplete(result.value)) await refit();
  }

  /**
   * For a search: measures with the method under the cursor as soon as nobody drags, and starts over when a drag
   * interrupted it. "cancelled" when another set was opened.
   */
  async function measureForSearch(subject: Subject, signal: AbortSignal): Promise<Result<Measurement>> {
    const { method } = useMixture.getState();
    const set = openedSet();
    for (;;) {
      while ((wanted || useMixture.getState().gesture) && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      if (!sameWork(openedSet(), set))
        return fail("cancelled", "Another set was opened, or other tasks chosen.");
      const engine = seat.running();
      if (!engine) return { ok: false, problem: { kind: "backend", message: "The engine is not ready." } };
      const mine = new AbortController();
      const stop = () => mine.abort();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) mine.abort();
      searching = mine;
      const result = await measure(engine, parts.journal, { subject, method }, "search", mine.signal);
      signal.removeEventListener("abort", stop);
      if (searching === mine) searching = null;
      const interrupted = result.ok ? !isComplete(result.value) : result.problem.kind === "cancelled";
      if (!interrupted || signal.aborted) {
        if (result.ok && ++sinceFit >= REFIT_EVERY) void refit();
        return result;
      }
    }
  }

  /** Wires the stores: measure after a release, cancel on a new position, fit again when view or method change. */
  function connect(): () => void {
    const offMixture = useMixture.subscribe((now, before) => {
      const otherMethod = now.method !== before.method;
      if (otherMethod) {
        showMethod();
        if (now.gesture) refitDue = true;
        else void refit();
      }
      if (now.alpha !== before.alpha || otherMethod) {
        wanted?.abort();
        clearTimeout(settle);
        settle = setTimeout(measureAtOnce, SETTLE_MS);
      }
      if (before.gesture && !now.gesture) {
        clearTimeout(settle);
        if (refitDue) void refit();
        measureAtOnce();
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
      fitting.stop();
      seat.close();
    };
  }

  /** Puts a measurement made elsewhere beside those of the open set. */
  async function keepImported(record: Measurement): Promise<void> {
    addMeasurements([record]);
    const stored = await parts.journal.put(record);
    if (!stored.ok) notice(stored.problem);
    await refit();
  }

  return {
    ...opening,
    keepImported,
    engine: seat.running,
    measureWanted,
    measureForSearch,
    refit,
    connect,
    /** Sets who is told when the open set can be measured, and what was measured before is known. */
    whenReady: (listener: () => void) => {
      onReady = listener;
    },
    /** Stops measuring what the sliders show; what is scored is kept. */
    cancelMeasurement: () => wanted?.abort(),
    predictor: parts.predictor,
  };
}

export type Controller = ReturnType<typeof createController>;
