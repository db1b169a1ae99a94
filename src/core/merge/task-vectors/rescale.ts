import { type Precision, roundTo } from "../block-ops";
import { type Selection, Sieve } from "./selection";
import type { TaskVectors } from "./task-vectors";

/** Norms below this rescale nothing. */
const TINY = 1e-7;

/**
 * ‖δ‖₁ / ‖S(δ)‖₁ of each component, 1 where either norm is below 1e-7 and where nothing was dropped by intent. Sums are
 * float64; they and the quotient are rounded to `work`.
 */
export function rescaleFactors(
  vectors: TaskVectors,
  selections: readonly Selection[],
  work: Precision,
): number[] {
  const { ops } = vectors;
  const sieves = selections.map((selection) => new Sieve(selection, ops));
  const affected = selections.flatMap(({ kind }, k) => (kind === "band" || kind === "bits" ? [k] : []));
  const before = selections.map(() => 0);
  const after = selections.map(() => 0);
  if (affected.length === 0) return selections.map(() => 1);
  vectors.each((k, from, delta) => {
    before[k]! += ops.sumAbs(delta);
    sieves[k]!.apply(delta, from);
    after[k]! += ops.sumAbs(delta);
  }, affected);
  const limit = roundTo(TINY, work);
  return selections.map((_, k) => {
    const [whole, kept] = [roundTo(before[k]!, work), roundTo(after[k]!, work)];
    return !affected.includes(k) || whole < limit || kept < limit ? 1 : roundTo(whole / kept, work);
  });
}
