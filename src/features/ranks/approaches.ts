import type { Comparison, NamedRow } from "../../state/ranking";
import type { RankRow, RankRows } from "./rank-rows";

/** A way of ranking mixtures before training on them, with what it costs. */
export interface Approach {
  readonly id: string;
  readonly kind: "merged" | "trained";
  readonly label: string;
  /** Of a run's token budget; null for merged proxies. */
  readonly fraction: number | null;
  /** Tokens trained on in all: the components, or every trained proxy. */
  readonly tokens: number;
  readonly comparison: Comparison;
}

/** Fewest mixtures with a merged proxy on which all approaches are compared. */
const FEWEST = 4;

/**
 * Mixtures on which all approaches are compared: those whose merged proxy is measured. While there are too few of them,
 * the trained proxies stand on all mixtures and the merged ones are left out.
 */
export function comparable(rows: readonly RankRow[]): { rows: readonly RankRow[]; merged: boolean } {
  const measured = rows.filter((r) => r.merged);
  return measured.length >= FEWEST ? { rows: measured, merged: true } : { rows, merged: false };
}

/** Merged proxies first, then trained ones from the smallest budget up. */
export function approaches({ rows: all, fractions }: RankRows, componentTokens: number): Approach[] {
  const { rows, merged } = comparable(all);
  const references = rows.map((r): NamedRow => ({ name: `${r.id}@1`, scores: r.reference.scores }));
  const found: Approach[] = [];
  if (merged) {
    const proxies = rows.map((r): NamedRow => ({ name: r.merged!.address, scores: r.merged!.scores }));
    found.push({
      id: "merged",
      kind: "merged",
      label: "Merged proxies",
      fraction: null,
      tokens: componentTokens,
      comparison: { proxies, references },
    });
  }
  for (const fraction of fractions) {
    const runs = rows.map((r) => r.trained.get(fraction)!);
    found.push({
      id: `trained ${fraction}`,
      kind: "trained",
      label: `Trained ${fractionText(fraction)}`,
      fraction,
      tokens: runs.reduce((sum, r) => sum + r.tokens, 0),
      comparison: {
        proxies: runs.map((r) => ({ name: `${r.id}@${fraction}`, scores: r.scores })),
        references,
      },
    });
  }
  return found;
}

/** "1/8" where the fraction is one over a whole number, else percent. */
export function fractionText(fraction: number): string {
  const over = 1 / fraction;
  return Math.abs(over - Math.round(over)) < 1e-6
    ? `1/${Math.round(over)}`
    : `${+(fraction * 100).toFixed(1)} %`;
}
