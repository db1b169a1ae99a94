import type { Mixture } from "../mixture/mixture";
import { type SamplerKind, sampleMixtures } from "../mixture/sampler";
import type { FitRow } from "../predict/surface";
import type { TargetId } from "../scoring/measurement";
import type { ScoreView } from "../scoring/task";
import { childSeed } from "../seeded-random";
import { diverseTop } from "./diverse";
import type { Recommendation, RecommendRequest } from "./recommend";

/** Everything that decides a search; with the measured scores it decides the whole course. */
export interface SearchConfig {
  readonly seed: number;
  readonly components: number;
  /** Proxies measured in each round. */
  readonly rounds: readonly number[];
  /** Fresh candidates scored by the predictor after each round. */
  readonly candidates: number;
  /** Best candidates averaged into the recommended mixture (paper 128, release 1280). */
  readonly top: number;
  /** Best candidates among which the next round's proxies are chosen. */
  readonly pool: number;
  /** Dataset sizes, any unit. */
  readonly prior: readonly number[];
  readonly kind: SamplerKind;
  readonly view: ScoreView;
  /** Targets whose percentile ranks are averaged: the domains. */
  readonly targets: readonly TargetId[];
}

/** The paper's search of 112 proxies; `pool` is this project's: the best hundredth of the candidates. */
export const PAPER_SEARCH = {
  rounds: [64, 32, 16],
  candidates: 200_000,
  top: 128,
  pool: 2_000,
  kind: "uniform",
  view: "continuous",
} as const satisfies Partial<SearchConfig>;

/**
 * Where a search stands. It holds only what was decided so far, never scores: those come from the journal. Running
 * the same configuration again over the same journal passes the same states, so resuming is running again.
 */
export interface SearchState {
  readonly config: SearchConfig;
  /** Mixtures of each round begun so far. */
  readonly rounds: readonly (readonly Mixture[])[];
  /** Set after the last fit. */
  readonly recommended: Mixture | null;
}

/** Scores of a mixture if it is measured completely under the search's view. */
export type Measured = (alpha: Mixture) => FitRow["values"] | undefined;

export type SearchStep =
  | {
      readonly kind: "measure";
      /** Round from 0; `rounds.length` of the configuration for the recommended mixture. */
      readonly round: number;
      /** Not measured yet, in the order to measure them. */
      readonly mixtures: readonly Mixture[];
      /** Of this round. */
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly kind: "fit";
      readonly round: number;
      readonly rows: readonly FitRow[];
      /** Seed for the fit. */
      readonly seed: number;
      /** Complete it with the fitted surface, recommend, and hand the answer to `afterFit`. */
      readonly request: Omit<RecommendRequest, "surface">;
    }
  | {
      readonly kind: "finished";
      readonly recommended: Mixture;
      /** All measured proxies. */
      readonly rows: readonly FitRow[];
    };

export function startSearch(config: SearchConfig): SearchState {
  const { components, seed, kind, prior } = config;
  const count = config.rounds[0] ?? 0;
  const first = sampleMixtures({ components, count, seed: childSeed(seed, 0), kind, prior });
  return { config, rounds: [first], recommended: null };
}

/** What has to be done next, given what is measured. */
export function nextStep(state: SearchState, measured: Measured): SearchStep {
  const { config, rounds, recommended } = state;
  const current = recommended ? [recommended] : rounds.at(-1)!;
  const round = recommended ? config.rounds.length : rounds.length - 1;
  const mixtures = current.filter((alpha) => !measured(alpha));
  if (mixtures.length > 0) {
    return {
      kind: "measure",
      round,
      mixtures,
      done: current.length - mixtures.length,
      total: current.length,
    };
  }
  const rows = rounds.flat().map((alpha): FitRow => ({ alpha, values: measured(alpha)! }));
  if (recommended) return { kind: "finished", recommended, rows };
  const { components, prior, kind, targets, candidates, top, pool } = config;
  const seed = childSeed(config.seed, rounds.length);
  const keep = Math.max(top, pool);
  const request = { targets, components, prior, kind, candidates, keep, average: top, seed };
  return { kind: "fit", round, rows, seed, request };
}

/** The state after a fit: the next round's proxies are chosen among the best candidates, or the search recommends. */
export function afterFit(state: SearchState, recommendation: Recommendation): SearchState {
  const { config, rounds } = state;
  const size = config.rounds[rounds.length];
  if (size === undefined) return { ...state, recommended: recommendation.mean };
  const next = diverseTop(recommendation.top.slice(0, Math.max(config.pool, size)), size, rounds.flat());
  return { ...state, rounds: [...rounds, next] };
}

/** Proxies that a whole search measures, the recommended mixture not counted. */
export const plannedProxies = (config: SearchConfig): number => config.rounds.reduce((a, b) => a + b, 0);
