import { ok, type Result } from "../../result";
import { type BlockOps, type Precision, roundTo } from "../block-ops";
import type { MergedBlock, MergeMethod, TensorTask } from "../merge-method";
import { strandedTail, torchSum } from "../torch-sum";
import { rescaleFactors } from "./rescale";
import { ALL, type Selector, Sieve } from "./selection";
import { blockLength, TaskVectors } from "./task-vectors";

/** A method of the task family; see taskVectorBlocks. */
export interface TaskFamily {
  /** Whether only entries of the majority's sign count. */
  readonly consensus: boolean;
  /** S; null for the identity. */
  readonly select: Selector | null;
  /** Type that norms and rescaling are computed in. */
  readonly work?: (precision: Precision) => Precision;
}

/** A sum of weights below this divides nothing. */
const NO_WEIGHT = 1e-8;

/** A method's `merge` and `blocks`, see `taskVectorBlocks`. */
export function taskFamily(
  family: TaskFamily,
): Pick<MergeMethod, "merge"> & Required<Pick<MergeMethod, "blocks">> {
  return {
    merge: (task, ops, sink) => {
      const blocks = taskVectorBlocks(task, ops, family);
      let next = blocks.next();
      for (; !next.done; next = blocks.next()) sink(next.value.from, next.value.block);
      return next.value;
    },
    blocks: (task, ops) => taskVectorBlocks(task, ops, family),
  };
}

/**
 * Θ_base + λ Δ with Δ made of w_i S(Θ_i − Θ_base): mergekit's generalised task arithmetic, in its order of operations.
 * Without consensus Δ = Σ u_i and D = Σ w_i; with it both sums run over the components whose u_i has the sign of Σ u_i
 * (+ where that is 0), entry by entry. `normalize` divides Δ by D.
 */
export function* taskVectorBlocks(
  task: TensorTask,
  ops: BlockOps,
  { consensus, select, work = (precision) => precision }: TaskFamily,
): Generator<MergedBlock, Result<null>, undefined> {
  const { length, precision, settings } = task;
  const used = task.components.filter((c) => c.weight !== 0);
  const vectors = new TaskVectors(task, used, ops);
  const selected = select ? select(vectors) : ok(used.map(() => ALL));
  if (!selected.ok) return selected;
  const factors =
    settings.rescale === 1 ? rescaleFactors(vectors, selected.value, work(precision)) : used.map(() => 1);
  const sieves = selected.value.map((selection) => new Sieve(selection, ops));
  const weights = used.map((c) => roundTo(c.weight, precision));
  const divisor = settings.normalize === 1 && !consensus ? weightSum(weights, precision) : 1;
  const scale = Math.fround(settings.lambda ?? 1);

  const step = blockLength(used.length + 4);
  const size = Math.min(step, length);
  const rows = used.map(() => ops.scratch(size));
  const [baseBlock, mixedBlock, sumBlock, divisorBlock] = [0, 1, 2, 3].map(() => ops.scratch(size));
  for (let from = 0; from < length; from += step) {
    const count = Math.min(step, length - from);
    const cut = (block: Float32Array | undefined) => block!.subarray(0, count);
    const base = cut(baseBlock);
    ops.decode(task.base!, from, base, precision);
    const blocks = rows.map(cut);
    for (const [k, block] of blocks.entries()) {
      vectors.read(k, from, base, block);
      sieves[k]!.apply(block, from);
      if (factors[k] !== 1) ops.scale(block, factors[k]!, block, precision);
      if (weights[k] !== 1) ops.scale(block, weights[k]!, block, precision);
    }
    const tail = from + count === length ? strandedTail(length, precision !== "float32") : 0;
    let mixed = cut(mixedBlock);
    ops.sumRows(blocks, tail, mixed, precision);
    if (consensus) {
      const [sum, divisors] = [cut(sumBlock), cut(divisorBlock)];
      ops.sumAgreeing(blocks, weights, mixed, tail, sum, divisors, precision);
      if (settings.normalize === 1) ops.divide(sum, divisors, sum, precision);
      mixed = sum;
    }
    if (divisor !== 1) ops.divideBy(mixed, divisor, mixed, precision);
    if (scale !== 1) ops.scale(mixed, scale, mixed, precision);
    ops.add(base, mixed, mixed, precision);
    yield { from, block: mixed };
  }
  return ok(null);
}

function weightSum(weights: readonly number[], precision: Precision): number {
  const sum = roundTo(torchSum(weights, precision !== "float32"), precision);
  return Math.abs(sum) < roundTo(NO_WEIGHT, precision) ? 1 : sum;
}
