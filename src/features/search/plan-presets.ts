import { minimumRows } from "../../core/predict/gaussian-process";

export interface PlanPreset {
  readonly id: "paper" | "double" | "short";
  readonly rounds: readonly number[];
  readonly about: string;
}

/** The paper's plans, and a short one that still gives the predictor enough rows after its first round. */
export const planPresets = (components: number): readonly PlanPreset[] => [
  { id: "short", rounds: [minimumRows(components) + 1, 4, 2], about: "quick and rough" },
  { id: "paper", rounds: [64, 32, 16], about: "the paper’s 112" },
  { id: "double", rounds: [128, 64, 32], about: "the paper’s 224" },
];

export const roundsText = (rounds: readonly number[]): string => rounds.join(" + ");

/** Most proxies in one plan, and most rounds. */
export const LIMITS = { proxies: 2000, rounds: 8 } as const;

export type ParsedRounds =
  | { readonly ok: true; readonly rounds: readonly number[] }
  | { readonly ok: false; readonly why: string };

/** Reads "64 + 32 + 16" or "64, 32, 16". */
export function parseRounds(text: string, components: number): ParsedRounds {
  const parts = text.split(/[\s,+]+/).filter(Boolean);
  const rounds = parts.map(Number);
  if (rounds.length === 0) return { ok: false, why: "State at least one round, as in 64 + 32 + 16." };
  if (rounds.some((n) => !Number.isInteger(n) || n < 1))
    return { ok: false, why: "Each round is a whole number of proxies." };
  if (rounds.length > LIMITS.rounds) return { ok: false, why: `At most ${LIMITS.rounds} rounds.` };
  if (rounds.reduce((a, b) => a + b, 0) > LIMITS.proxies)
    return { ok: false, why: `At most ${LIMITS.proxies.toLocaleString("en-US")} proxies in all.` };
  const needed = minimumRows(components);
  if (rounds[0]! < needed)
    return { ok: false, why: `The predictor needs ${needed} proxies in the first round.` };
  return { ok: true, rounds };
}
