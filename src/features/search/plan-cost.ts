import { type ComponentSetSpec, trainTokensOf } from "../../core/checkpoint/component-set";
import type { Measurement } from "../../core/scoring/measurement";

export interface PlanCost {
  readonly proxies: number;
  /** Items scored in all, the recommended mixture too. */
  readonly items: number;
  /** Null when nothing was timed yet. */
  readonly seconds: number | null;
  /** Tokens that the components were trained on, once for every search; null where the set does not say. */
  readonly componentTokens: number | null;
  /** Tokens that as many fully trained models would take; null where the set does not say. */
  readonly trainedTokens: number | null;
}

export interface Pace {
  readonly seconds: number;
  /** "here": timed in this browser; "shipped": timed where the set was made. */
  readonly from: "here" | "shipped";
}

/** Median seconds of a complete measurement: of the last ones made here, else of those shipped. */
export function paceOf(measurements: readonly Measurement[], now: number | null): Pace | null {
  if (now !== null) return { seconds: now, from: "here" };
  const complete = measurements.filter((m) => m.done >= m.total && m.seconds > 0);
  const here = complete.filter((m) => m.origin === "measured").slice(-8);
  const pool = here.length > 0 ? here : complete.filter((m) => m.origin === "shipped");
  if (pool.length === 0) return null;
  const sorted = pool.map((m) => m.seconds).sort((a, b) => a - b);
  return { seconds: sorted[Math.floor(sorted.length / 2)]!, from: here.length > 0 ? "here" : "shipped" };
}

export function planCost(
  rounds: readonly number[],
  itemsPerProxy: number,
  components: ComponentSetSpec["components"],
  pace: Pace | null,
): PlanCost {
  const proxies = rounds.reduce((a, b) => a + b, 0);
  const tokens = trainTokensOf(components);
  return {
    proxies,
    items: (proxies + 1) * itemsPerProxy,
    seconds: pace && (proxies + 1) * pace.seconds,
    componentTokens: tokens,
    trainedTokens: tokens === null ? null : proxies * (tokens / Math.max(1, components.length)),
  };
}
