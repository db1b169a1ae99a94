import { type Mixture, toMixture, uniform } from "../../core/mixture/mixture";
import { mixtureKey } from "./rank-points";

export interface RankCandidate {
  readonly id: string;
  readonly label: string;
  readonly alpha: Mixture;
}

/** Mixtures placed among the references; one that equals an earlier one is left out. */
export function rankCandidates(
  supply: readonly number[],
  current: Mixture,
  recommended: Mixture | null,
): RankCandidate[] {
  const list: RankCandidate[] = [
    ...(recommended ? [{ id: "recommended", label: "Recommended by the search", alpha: recommended }] : []),
    { id: "current", label: "Made by hand (the sliders)", alpha: current },
    { id: "uniform", label: "Equal shares", alpha: uniform(supply.length) },
    ...(supply.some((s) => s > 0)
      ? [{ id: "size", label: "By dataset size", alpha: toMixture(supply) }]
      : []),
  ];
  const seen = new Set<string>();
  return list.filter(({ alpha }) => {
    const key = mixtureKey(alpha);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
