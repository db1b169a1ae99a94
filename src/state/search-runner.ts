import { suppliesOf } from "../core/checkpoint/component-set";
import type { FitRow } from "../core/predict/surface";
import { subjectText } from "../core/scoring/address";
import { domainTargets, MACRO } from "../core/scoring/score-table";
import { type Measured, PAPER_SEARCH, type SearchConfig } from "../core/search/demix-search";
import { driveSearch } from "../core/search/drive-search";
import type { Controller } from "./controller";
import { isComplete } from "./measuring";
import { type SearchPlan, type SearchPoint, useSearch } from "./search-store";
import { tableOf } from "./tables";
import { notice, useWorkbench } from "./workbench-store";

/**
 * Runs a plan's search on the open set. Pausing aborts it, resuming runs it again from the start: the journal answers
 * what was measured, so nothing is measured twice, also after a reload.
 */
export function createSearchRunner(controller: Controller) {
  let running: AbortController | null = null;

  const measured =
    (plan: SearchPlan): Measured =>
    (alpha) => {
      const { set, bySubject } = useWorkbench.getState();
      const record = bySubject.get(subjectText({ kind: "mixture", alpha }));
      if (set.phase !== "ready" || !record || !isComplete(record)) return undefined;
      const table = tableOf(set.set.layout, record.scores, plan.view);
      return Object.fromEntries(Object.entries(table).map(([id, e]) => [id, { value: e.value, se: 0 }]));
    };

  function configOf(plan: SearchPlan): SearchConfig | null {
    const { set } = useWorkbench.getState();
    if (set.phase !== "ready") return null;
    const { components } = set.set.spec;
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
      targets: domainTargets(set.set.layout),
    };
  }

  async function run(plan: SearchPlan): Promise<void> {
    const config = configOf(plan);
    const { set } = useWorkbench.getState();
    if (!config || set.phase !== "ready") return;
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const of = measured(plan);
    const seconds: number[] = [];
    const total = plan.rounds.reduce((a, b) => a + b, 0);
    useSearch.setState({
      setHash: set.set.hash,
      plan,
      phase: "running",
      doing: "sampling mixtures",
      round: 0,
      points: [],
      total,
      secondsPerProxy: null,
      recommended: null,
      problem: null,
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

  return {
    start: (plan: SearchPlan) => void run(plan),
    pause: () => stop("paused"),
    resume: () => void run(useSearch.getState().plan),
    cancel: () => {
      stop("idle");
      useSearch.setState({ points: [], recommended: null, problem: null });
    },
    /** After a reload: a search that was running goes on, a finished one shows its recommendation again. */
    restore(): void {
      const { set } = useWorkbench.getState();
      const { setHash, phase, recommended, plan } = useSearch.getState();
      if (set.phase !== "ready") return;
      if (setHash !== set.set.hash) useSearch.setState({ phase: "idle", recommended: null, points: [] });
      else if (phase === "running") void run(plan);
      else if (phase === "finished" && recommended) useWorkbench.setState({ recommended });
    },
  };
}

const macro = (values: FitRow["values"] | undefined): number | null => values?.[MACRO]?.value ?? null;
