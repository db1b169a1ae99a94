import { suppliesOf } from "../core/checkpoint/component-set";
import type { MergeChoice } from "../core/merge/merge-choice";
import type { FitRow } from "../core/predict/surface";
import { domainTargets, MACRO } from "../core/scoring/score-table";
import type { ScoreView } from "../core/scoring/task";
import { type Measured, PAPER_SEARCH, type SearchConfig } from "../core/search/demix-search";
import { driveSearch } from "../core/search/drive-search";
import type { Controller } from "./controller";
import { layoutKey } from "./layout-key";
import { useMixture } from "./mixture-store";
import { isComplete, recordOf } from "./records";
import { NO_SEARCH, type SearchPlan, type SearchPoint, searchPlace, useSearch } from "./search-store";
import { tableOf } from "./tables";
import { type LoadedSet, notice, openedSet, useWorkbench } from "./workbench-store";

/**
 * Runs a plan's search on the open set. Pausing aborts it, resuming runs it again from the start: the journal answers
 * what was measured, so nothing is measured twice, also after a reload.
 */
export function createSearchRunner(controller: Controller) {
  let running: AbortController | null = null;

  const measured =
    ({ layout }: LoadedSet, method: MergeChoice, view: ScoreView): Measured =>
    (alpha) => {
      const record = recordOf({ kind: "mixture", alpha }, method);
      if (!record || !isComplete(record)) return undefined;
      const table = tableOf(layout, record.scores, view);
      return Object.fromEntries(Object.entries(table).map(([id, e]) => [id, { value: e.value, se: 0 }]));
    };

  function configOf(plan: SearchPlan, { spec: { components }, layout }: LoadedSet): SearchConfig {
    return {
      ...PAPER_SEARCH,
      kind: "uniform",
      seed: plan.seed,
      components: components.length,
      rounds: plan.rounds,
      candidates: plan.candidates,
      top: plan.average,
      prior: suppliesOf(components) ?? components.map(() => 1),
      view: plan.view,
      targets: domainTargets(layout),
    };
  }

  async function run(plan: SearchPlan): Promise<void> {
    const set = openedSet();
    if (!set || set.hash === null || set.unscored) return;
    const { method } = useMixture.getState();
    const config = configOf(plan, set);
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const of = measured(set, method, plan.view);
    const seconds: number[] = [];
    const total = plan.rounds.reduce((a, b) => a + b, 0);
    useSearch.setState({
      ...NO_SEARCH,
      place: searchPlace(set.hash, method, set.own && layoutKey(set.layout)),
      plan,
      phase: "running",
      doing: "sampling mixtures",
      total,
    });
    const update = (state: Partial<ReturnType<typeof useSearch.getState>>) => {
      if (running === mine && !mine.signal.aborted) useSearch.setState(state);
    };
    const outcome = await driveSearch(mine.signal, config, {
      measured: of,
      measure: async (signal, alpha) => {
        const start = performance.now();
        const result = await controller.measureForSearch({ kind: "mixture", alpha }, signal);
        if (result.ok && isComplete(result.value)) {
          seconds.push((performance.now() - start) / 1000);
          update({
            secondsPerProxy: seconds.slice(-8).reduce((a, b) => a + b, 0) / Math.min(8, seconds.length),
          });
        }
        return result;
      },
      fit: (signal, rows, targets, seed) => {
        update({ doing: `fitting ${rows.length} measurements` });
        return controller.predictor.fit(signal, rows, targets, seed);
      },
      recommend: (signal, request) => {
        update({ doing: `scoring ${request.candidates.toLocaleString("en")} candidates` });
        return controller.predictor.recommend(signal, request);
      },
      onStep: (state, step) => {
        const points = state.rounds.flatMap((mixtures, round) =>
          mixtures.flatMap((alpha): SearchPoint[] => {
            const value = macro(of(alpha));
            return value === null ? [] : [{ alpha, round, value }];
          }),
        );
        if (step.kind === "measure") {
          const doing =
            step.round >= plan.rounds.length
              ? "measuring the recommended mixture"
              : `measuring ${step.done + 1} of ${step.total} in round ${step.round + 1}`;
          update({ points, round: step.round, doing });
        } else update({ points });
      },
    });
    if (running !== mine) return;
    running = null;
    if (outcome.ok) {
      useSearch.setState({ phase: "finished", doing: "", recommended: outcome.value.recommended });
      useWorkbench.setState({ recommended: outcome.value.recommended });
      await controller.refit();
    } else if (outcome.problem.kind !== "cancelled") {
      useSearch.setState({ phase: "failed", doing: "", problem: outcome.problem });
      notice(outcome.problem);
    }
  }

  const stop = (phase: "paused" | "idle") => {
    running?.abort();
    running = null;
    useSearch.setState({ phase, doing: "" });
  };

  function show(): void {
    const place = placeNow() ?? "";
    const state = useSearch.getState();
    if (state.place === place) return;
    running?.abort();
    running = null;
    const { [place]: next, ...others } = state.kept;
    const { plan, points, total, recommended } = state;
    const phase = state.phase === "running" ? "paused" : state.phase;
    const left = { plan, phase, points, total, recommended } as const;
    const kept = state.place !== "" && phase !== "idle" ? { ...others, [state.place]: left } : others;
    useSearch.setState({ ...NO_SEARCH, ...next, place, kept });
    useWorkbench.setState({ recommended: next?.phase === "finished" ? next.recommended : null });
  }

  return {
    start: (plan: SearchPlan) => void run(plan),
    pause: () => stop("paused"),
    resume: () => void run(useSearch.getState().plan),
    cancel: () => {
      stop("idle");
      useSearch.setState({ points: [], recommended: null, problem: null });
    },
    /** Shows the search of the open set, its tasks and the method under the cursor; the one on show is kept. */
    show,
    /** After a reload: a search that was running goes on, a finished one shows its recommendation again. */
    restore(): void {
      show();
      const { phase, recommended, plan } = useSearch.getState();
      if (placeNow() === null) return;
      if (phase === "running" && !running) void run(plan);
      else if (phase === "finished" && recommended) useWorkbench.setState({ recommended });
    },
  };
}

/** Null where nothing can be searched. */
function placeNow(): string | null {
  const set = openedSet();
  if (!set || set.hash === null || set.unscored) return null;
  return searchPlace(set.hash, useMixture.getState().method, set.own && layoutKey(set.layout));
}

const macro = (values: FitRow["values"] | undefined): number | null => values?.[MACRO]?.value ?? null;
