import { create } from "zustand";
import type { Mixture } from "../../core/mixture/mixture";
import type { Problem } from "../../core/result";
import type { Controller } from "../../state/controller";
import { useMixture } from "../../state/mixture-store";
import { openedSet, useWorkbench } from "../../state/workbench-store";

interface MissingState {
  readonly phase: "idle" | "running";
  readonly done: number;
  readonly total: number;
  /** Seconds a proxy, over those measured in this run. */
  readonly seconds: number | null;
  readonly problem: Problem | null;
}

/** Measuring goes on while other pages are on show. */
export const useMissing = create<MissingState>(() => ({
  phase: "idle",
  done: 0,
  total: 0,
  seconds: null,
  problem: null,
}));

let running: AbortController | null = null;

/** Measures mixtures one after another; each is journalled as it completes, so cancelling loses none. */
export async function measureAll(
  measure: Controller["measureForSearch"],
  mixtures: readonly Mixture[],
): Promise<void> {
  if (running) return;
  const mine = new AbortController();
  running = mine;
  const start = performance.now();
  useMissing.setState({ phase: "running", done: 0, total: mixtures.length, seconds: null, problem: null });
  let problem: Problem | null = null;
  // Proxies of another method or set are other ones.
  const { method } = useMixture.getState();
  const offMethod = useMixture.subscribe((now) => {
    if (now.method !== method) mine.abort();
  });
  const reference = openedSet()?.reference;
  const offSet = useWorkbench.subscribe(() => {
    if (openedSet()?.reference !== reference) mine.abort();
  });
  for (const [i, alpha] of mixtures.entries()) {
    const result = await measure({ kind: "mixture", alpha }, mine.signal);
    if (mine.signal.aborted) break;
    if (!result.ok) {
      problem = result.problem;
      break;
    }
    useMissing.setState({ done: i + 1, seconds: (performance.now() - start) / 1000 / (i + 1) });
  }
  offMethod();
  offSet();
  running = null;
  useMissing.setState({ phase: "idle", problem });
}

export const cancelMissing = (): void => running?.abort();
