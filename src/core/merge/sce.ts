import { ok } from "../result";
import { roundTo } from "./block-ops";
import type { MergeMethod } from "./merge-method";
import { ALL, NONE, type Selection, Sieve } from "./task-vectors/selection";
import { blockLength, TaskVectors } from "./task-vectors/task-vectors";
import { strandedTail } from "./torch-sum";
import { selectVarying } from "./whole-tensor/select-varying";
import { blocksOf } from "./whole-tensor/spans";
import { TorchTotal } from "./whole-tensor/torch-total";
import { roundedSum } from "./whole-tensor/weights";

/** Weights of entries that agree are at least this when they divide. */
const LEAST_WEIGHT = 1e-6;

/**
 * SCE (Wan et al. 2024, arXiv 2408.07990): select the entries that vary most between the updates, compute each update's
 * weight from its mean square, erase the entries of the minority's sign.
 */
export const sce: MergeMethod = {
  name: "sce",
  label: "SCE",
  help: "Weights each update by its mean square, and counts only entries that agree in sign with the sum.",
  base: "needed",
  weighted: false,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: false,
  parameters: [
    {
      name: "select_topk",
      label: "Selected share",
      help: "Share of the entries that are merged, those that differ most between the components; the others keep the base.",
      unit: "",
      kind: "number",
      min: 0,
      max: 1,
      default: 1,
      scope: "merge",
    },
  ],
  merge(task, ops, sink) {
    const { length, precision, components, settings } = task;
    const size = Math.min(length, blockLength(components.length + 4));
    const vectors = new TaskVectors(task, components, ops);
    const rows = components.map(() => ops.scratch(size));
    const [sums, mixed, divisors] = [0, 1, 2].map(() => ops.scratch(size));
    const share = settings.select_topk!;
    const selection = share >= 1 ? ALL : share <= 0 ? NONE : selectVarying(vectors, rows, share);
    const weights = updateWeights(vectors, selection);
    const sieves = components.map(() => new Sieve(selection, ops));
    for (const { from, length: count } of blocksOf({ from: 0, length }, size)) {
      const cut = (block: Float32Array | undefined) => block!.subarray(0, count);
      const base = cut(vectors.base);
      ops.decode(task.base!, from, base, precision);
      const blocks = rows.map(cut);
      for (const [k, block] of blocks.entries()) {
        vectors.read(k, from, base, block);
        sieves[k]!.apply(block, from);
      }
      const tail = from + count === length ? strandedTail(length, precision !== "float32") : 0;
      const [majority, sum, divisor] = [cut(sums), cut(mixed), cut(divisors)];
      ops.sumRows(blocks, tail, majority, precision);
      ops.sumAgreeing(blocks, weights, majority, tail, sum, divisor, precision);
      ops.atLeast(divisor, roundTo(LEAST_WEIGHT, precision));
      for (const [k, block] of blocks.entries()) {
        ops.keepAgreeing(block, majority);
        ops.scale(block, weights[k]!, block, precision);
      }
      ops.sumRows(blocks, tail, sum, precision);
      ops.divide(sum, divisor, sum, precision);
      ops.add(base, sum, sum, precision);
      sink(from, sum);
    }
    return ok(null);
  },
};

/** Shares of the updates' mean squares; equal ones where those vanish. */
function updateWeights(vectors: TaskVectors, selection: Selection): number[] {
  const { ops, task, components } = vectors;
  const { precision, length } = task;
  const round = (x: number) => roundTo(x, precision);
  const sieves = components.map(() => new Sieve(selection, ops));
  const squares = components.map(() => new TorchTotal(ops, "float32", length));
  vectors.each((k, from, delta) => {
    sieves[k]!.apply(delta, from);
    ops.multiply(delta, delta, delta, precision);
    squares[k]!.add(delta);
  });
  const means = squares.map((sum) => round(Math.fround(sum.value() / length)));
  const total = roundedSum(means, precision);
  if (Math.abs(total) < LEAST_WEIGHT) return means.map(() => round(1 / means.length));
  return means.map((mean) => round(mean / total));
}
