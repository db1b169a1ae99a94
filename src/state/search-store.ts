import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Mixture } from "../core/mixture/mixture";
import type { Problem } from "../core/result";
import type { ScoreView } from "../core/scoring/task";

export interface SearchPlan {
  readonly seed: number;
  /** Proxies measured in each round; the paper's are [64, 32, 16] and [128, 64, 32]. */
  readonly rounds: readonly number[];
  readonly candidates: number;
  /** Top candidates averaged into the recommended mixture. */
  readonly average: number;
  readonly view: ScoreView;
}

export const DEFAULT_PLAN: SearchPlan = {
  seed: 1,
  rounds: [64, 32, 16],
  candidates: 200_000,
  average: 128,
  view: "continuous",
};

export type SearchPhase = "idle" | "running" | "paused" | "finished" | "failed";

export interface SearchPoint {
  readonly alpha: Mixture;
  /** 0-based round. */
  readonly round: number;
  /** Measured macro average under the plan's view. */
  readonly value: number;
}

interface SearchState {
  readonly setHash: string;
  readonly plan: SearchPlan;
  readonly phase: SearchPhase;
  /** What happens now, one short sentence: "measuring 12 of 64", "fitting", "scoring 200,000 candidates". */
  readonly doing: string;
  readonly round: number;
  /** Measured so far in plan order, the ones answered from the journal too. */
  readonly points: readonly SearchPoint[];
  readonly total: number;
  /** Seconds of the measurements made now (not answered from the journal), for the time left. */
  readonly secondsPerProxy: number | null;
  readonly recommended: Mixture | null;
  readonly problem: Problem | null;
}

export const useSearch = create<SearchState>()(
  persist(
    (): SearchState => ({
      setHash: "",
      plan: DEFAULT_PLAN,
      phase: "idle",
      doing: "",
      round: 0,
      points: [],
      total: 112,
      secondsPerProxy: null,
      recommended: null,
      problem: null,
    }),
    {
      name: "demix-search",
      version: 1,
      // Points are not kept: a resumed search runs again from its plan and takes every measurement from the journal.
      partialize: ({ setHash, plan, phase, recommended }) => ({ setHash, plan, phase, recommended }),
    },
  ),
);
