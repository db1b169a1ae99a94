import { create } from "zustand";
import { persist } from "zustand/middleware";
import { LINEAR, type MergeChoice } from "../core/merge/merge-choice";
import type { Mixture } from "../core/mixture/mixture";
import type { Problem } from "../core/result";
import { choiceText } from "../core/scoring/address";
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

/** What is kept of a search while another set is open or another merge method chosen. */
export interface KeptSearch {
  readonly plan: SearchPlan;
  readonly phase: SearchPhase;
  readonly points: readonly SearchPoint[];
  readonly total: number;
  readonly recommended: Mixture | null;
}

interface SearchState extends KeptSearch {
  /** Set, tasks and merge method that the search belongs to (`searchPlace`); "" before any. */
  readonly place: string;
  /** Searches of other places. */
  readonly kept: Readonly<Record<string, KeptSearch>>;
  /** What happens now, one short sentence: "measuring 12 of 64", "fitting", "scoring 200,000 candidates". */
  readonly doing: string;
  readonly round: number;
  /** Seconds of the measurements made now (not answered from the journal), for the time left. */
  readonly secondsPerProxy: number | null;
  readonly problem: Problem | null;
}

/** No search. */
export const NO_SEARCH = {
  phase: "idle",
  doing: "",
  round: 0,
  points: [],
  total: 112,
  secondsPerProxy: null,
  recommended: null,
  problem: null,
} as const satisfies Partial<SearchState>;

/** The place of searches on a set with a merge method; `tasks` is the layout key of tasks that are not the set's own. */
export const searchPlace = (set: string, method: MergeChoice, tasks: string | null = null): string =>
  `${set} ${tasks === null ? "" : `${tasks} `}${choiceText(method)}`;

/** Searches of other places that outlive a reload; the oldest are dropped first. */
const MOST_KEPT = 20;

type Lasting = Pick<SearchState, "place" | "kept" | "plan" | "phase" | "recommended">;

// Points are not kept: a resumed search runs again from its plan and takes every measurement from the journal.
const lasting = ({ plan, phase, recommended }: KeptSearch) => ({ plan, phase, recommended });

/** Version 1 knew one search, with linear merges. */
function upgraded(old: unknown, version: number): unknown {
  if (version !== 1 || typeof old !== "object" || old === null) return old;
  const { setHash, ...search } = old as { setHash?: unknown };
  return { ...search, place: typeof setHash === "string" && setHash ? searchPlace(setHash, LINEAR) : "" };
}

export const useSearch = create<SearchState>()(
  persist((): SearchState => ({ place: "", kept: {}, plan: DEFAULT_PLAN, ...NO_SEARCH }), {
    name: "demix-search",
    version: 2,
    migrate: (old, version) => upgraded(old, version) as Lasting,
    partialize: ({ place, kept, ...search }): Lasting => ({
      place,
      ...lasting(search),
      kept: Object.fromEntries(
        Object.entries(kept)
          .slice(-MOST_KEPT)
          .map(([id, k]) => [id, { ...lasting(k), points: [], total: NO_SEARCH.total }]),
      ),
    }),
  }),
);
