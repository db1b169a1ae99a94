import { type Precision, roundTo } from "../block-ops";
import { TorchTotal } from "../whole-tensor/torch-total";
import { type Selection, Sieve } from "./selection";
import type { TaskVectors } from "./task-vectors";

/** Norms below this rescale nothing. */
const TINY = 1e-7;

/**
 * ‖δ‖₁ / ‖S(δ)‖₁ of each component, 1 where either norm is below 1e-7 and where nothing was dropped by intent. Sums, in torch's
 * order, and quotient are rounded to `work`.
 */
export function rescaleFactors(
  vectors: TaskVectors,
  selections: readonly Selection[],
  work: Precision,
): number[] {
  const { ops } = vectors;
  const sieves = selections.map((selection) => new Sieve(selection, ops));
  const affected = selections.flatMap(({ kind }, k) => (kind === "band" || kind === "bits" ? [k] : []));
  const [before, after] = [0, 1].map(() =>
    selections.map(() => new TorchTotal(ops, work, vectors.length)),
  ) as [TorchTotal[], TorchTotal[]];
  if (affected.length === 0) return selections.map(() => 1);
  vectors.each((k, from, delta) => {
    ops.absolute(delta);
    before[k]!.add(delta);
    sieves[k]!.apply(delta, from);
    after[k]!.add(delta);
  }, affected);
  const limit = roundTo(TINY, work);
  return selections.map((_, k) => {
    const [whole, kept] = [before[k]!.value(), after[k]!.value()];
    return !affected.includes(k) || whole < limit || kept < limit ? 1 : roundTo(whole / kept, work);
  });
}
