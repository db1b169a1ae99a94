/** Figures printed in the paper (arXiv 2602.00747v3); never computed here. */
export interface PaperBudget {
  /** Billions of tokens, the whole approach. */
  readonly tokens: number;
  readonly rho: number;
  readonly top25: number;
  readonly recovery: number;
}

/** Table 2, macro: 112 trained proxies against merged proxies of 7 components, ranked against 96 references. */
export const PAPER_TABLE_2: {
  readonly trained: readonly PaperBudget[];
  readonly merged: readonly PaperBudget[];
} = {
  trained: [
    { tokens: 224, rho: 0.53, top25: 0.2, recovery: 0.77 },
    { tokens: 448, rho: 0.51, top25: 0.38, recovery: 0.8 },
    { tokens: 896, rho: 0.71, top25: 0.47, recovery: 0.83 },
    { tokens: 1344, rho: 0.82, top25: 0.57, recovery: 0.87 },
  ],
  merged: [
    { tokens: 15, rho: 0.55, top25: 0.27, recovery: 0.76 },
    { tokens: 71, rho: 0.6, top25: 0.41, recovery: 0.8 },
    { tokens: 211, rho: 0.81, top25: 0.59, recovery: 0.83 },
    { tokens: 351, rho: 0.8, top25: 0.5, recovery: 0.85 },
  ],
};

/** Table 3, macro average rank among 96 references (lower is better). */
export const PAPER_TABLE_3: readonly { readonly label: string; readonly ranks: readonly number[] }[] = [
  { label: "Uniform", ranks: [36.67] },
  { label: "Heuristic", ranks: [42.33] },
  { label: "RegMix, trained proxies", ranks: [38, 35, 28] },
  { label: "CLIMB, trained proxies", ranks: [34.67, 30, 27.67] },
  { label: "DeMix, 56 / 112 / 224 / 448 merged", ranks: [29.33, 25.67, 24, 27.67] },
];
