import type { BlockOps } from "../block-ops";
import type { TensorTask } from "../merge-method";
import { blockLength } from "../task-vectors/task-vectors";
import { blocksOf } from "./spans";
import { TorchNorm } from "./torch-norm";
import { clamp } from "./weights";

/**
 * The Karcher mean as coefficients of the components: every point that the iteration visits is a combination of them, so the
 * dot products between components, summed in one pass, decide all of it. Float64, but for cosines: their rounding to float32
 * decides which angles mergekit takes as 0.
 */
export function karcherCoefficients(
  task: TensorTask,
  alphas: readonly number[],
  ops: BlockOps,
): readonly number[] {
  const { max_iter: steps, tol } = task.settings as { max_iter: number; tol: number };
  const { gram, norms } = dotProducts(task, ops);
  const valid = norms.flatMap((norm, k) => (norm > tol ? [k] : []));
  if (valid.length === 0) return norms.map(() => 0);
  const cosines = valid.map((a) => valid.map((b) => gram[a]![b]! / (norms[a]! * norms[b]!)));
  const total = valid.reduce((sum, k) => sum + alphas[k]!, 0);
  const shares = valid.map((k) => alphas[k]! / total);
  const mean = karcherMean(cosines, shares, steps, tol);
  const scale = norms.reduce((sum, norm, k) => sum + alphas[k]! * norm, 0);
  return norms.map((norm, k) => {
    const at = valid.indexOf(k);
    return at < 0 ? 0 : (scale * mean[at]!) / norm;
  });
}

/** Coefficients of unit vectors with these dot products. */
function karcherMean(
  cosines: readonly (readonly number[])[],
  shares: readonly number[],
  steps: number,
  tol: number,
): readonly number[] {
  const dotsWith = (c: readonly number[]) => cosines.map((row) => inner(row, c));
  const length = (c: readonly number[]) => Math.sqrt(Math.max(0, inner(c, dotsWith(c))));
  const divided = (c: readonly number[], by: number) => c.map((x) => x / by);
  const start = length(shares);
  let mean = start < tol ? shares.map((_, k) => Number(k === 0)) : divided(shares, start);
  for (let step = 0; step < steps; step++) {
    const dots = dotsWith(mean).map((dot) => clamp(Math.fround(dot), -1, 1));
    const tangent = mean.map(() => 0);
    for (const [k, dot] of dots.entries()) {
      const angle = Math.acos(dot);
      if (angle < tol) continue;
      const pull = (shares[k]! * angle) / Math.sin(angle);
      for (const i of tangent.keys()) tangent[i]! += pull * (Number(i === k) - dot * mean[i]!);
    }
    const move = length(tangent);
    if (move < tol) break;
    mean = mean.map((x, i) => Math.cos(move) * x + (Math.sin(move) / move) * tangent[i]!);
    const norm = length(mean);
    if (norm > tol) mean = divided(mean, norm);
  }
  return mean;
}

const inner = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0);

function dotProducts({ components, length, precision }: TensorTask, ops: BlockOps) {
  const size = Math.min(length, blockLength(components.length));
  const rows = components.map(() => ops.scratch(size));
  const gram = components.map(() => components.map(() => 0));
  const norms = components.map(() => new TorchNorm(ops, precision));
  for (const block of blocksOf({ from: 0, length }, size)) {
    const own = rows.map((row) => row.subarray(0, block.length));
    for (const [k, row] of own.entries()) {
      ops.decode(components[k]!.values, block.from, row, precision);
      norms[k]!.add(row);
      for (let j = 0; j <= k; j++) gram[k]![j]! += ops.dot(row, own[j]!);
    }
  }
  return {
    gram: gram.map((row, k) => row.map((_, j) => gram[Math.max(k, j)]![Math.min(k, j)]!)),
    norms: norms.map((norm) => norm.value()),
  };
}
