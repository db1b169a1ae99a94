import type { FitRow } from "../core/predict/surface";
import { choiceText } from "../core/scoring/address";
import { targetsOf } from "../core/scoring/score-table";
import type { Predictor } from "../engine/predict-bridge";
import { useMixture } from "./mixture-store";
import { isComplete } from "./records";
import { tableOf } from "./tables";
import { useView } from "./view-store";
import { type FittedSurface, openedSet, useWorkbench } from "./workbench-store";

/** Fits the predictor on what is measured with the method under the cursor. */
export interface Fitting {
  /** Fits the target on show first, then all of them; a newer call replaces an older one. */
  refit(): Promise<void>;
  stop(): void;
  /** Drops fits that were kept. */
  forget(): void;
}

export function createFitting(predictor: Predictor): Fitting {
  let running: AbortController | null = null;
  /** The last whole fit by view and method, with the records behind it: a method chosen again shows it at once. */
  const kept = new Map<string, { readonly records: string; readonly fitted: FittedSurface }>();

  async function refit(): Promise<void> {
    const set = openedSet();
    running?.abort();
    if (!set || set.unscored) return;
    const { layout } = set;
    const { measurements, fitted: current } = useWorkbench.getState();
    const { view, target } = useView.getState();
    const mine = new AbortController();
    running = mine;
    const used = measurements.filter((m) => m.key.subject.kind === "mixture" && isComplete(m));
    const place = `${view} ${choiceText(useMixture.getState().method)}`;
    const records = used.map((m) => m.address).join(" ");
    const known = kept.get(place);
    if (known?.records === records) {
      useWorkbench.setState({ fitted: known.fitted, fitProblem: null, fitting: false });
      return;
    }
    const rows: FitRow[] = used.flatMap((m) => {
      const { subject } = m.key;
      if (subject.kind !== "mixture") return [];
      // Complete measurements share their items: what is left between them is no sampling noise.
      const values = Object.entries(tableOf(layout, m.scores, view)).map(
        ([id, e]) => [id, { value: e.value, se: 0 }] as const,
      );
      return [{ alpha: subject.alpha, values: Object.fromEntries(values) }];
    });
    useWorkbench.setState({ fitting: true });
    const all = targetsOf(layout).map((t) => t.id);
    const steps = current?.view === view ? [all] : [[target], all];
    for (const targets of steps) {
      const fitted = await predictor.fit(mine.signal, rows, targets, 1);
      if (mine.signal.aborted) return;
      if (fitted.ok && !useWorkbench.getState().fitted) performance.mark("demix:surface");
      if (!fitted.ok) {
        useWorkbench.setState({ fitted: null, fitProblem: fitted.problem });
        continue;
      }
      const surface: FittedSurface = { surface: fitted.value, view, rows: rows.length };
      useWorkbench.setState({ fitted: surface, fitProblem: null });
      if (targets === all) kept.set(place, { records, fitted: surface });
    }
    useWorkbench.setState({ fitting: false });
  }

  return {
    refit,
    stop: () => {
      running?.abort();
      useWorkbench.setState({ fitting: false });
    },
    forget: () => kept.clear(),
  };
}
