import { BLOCK, type BlockOps } from "../block-ops";
import type { TensorTask } from "../merge-method";
import { blockLength } from "../task-vectors/task-vectors";
import { blocksOf } from "./spans";
import { TorchNorm } from "./torch-norm";
import { clamp } from "./weights";

/**
 * The Karcher mean as coefficients of the components: every point that the iteration visits is a combination of them, so the
 * dot products between components, summed in one pass, decide all of it. Float64, but for cosines, whose rounding to float32
 * decides which angles mergekit takes as 0, and for the norms that scale the result, which are torch's.
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
  const spread = (c: readonly number[]) =>
    norms.map((norm, k) => (valid.includes(k) ? c[valid.indexOf(k)]! / norm : 0));
  const block = ops.scratch(Math.min(BLOCK, task.length));
  const lengthOf = (c: readonly number[]) => torchNormOf(spread(c), task, ops, block);
  const mean = karcherMean(cosines, shares, lengthOf, steps, tol);
  const scale = norms.reduce((sum, norm, k) => sum + alphas[k]! * norm, 0);
  return spread(mean).map((x) => scale * x);
}

/**
 * Coefficients of the mean of unit vectors with these dot products. `lengthOf` is the norm that a mean is divided by: with
 * large tensors torch's is off, a mean then is no unit vector, and mergekit takes more steps.
 */
function karcherMean(
  cosines: readonly (readonly number[])[],
  shares: readonly number[],
  lengthOf: (coefficients: readonly number[]) => number,
  steps: number,
  tol: number,
): readonly number[] {
  const dotsWith = (c: readonly number[]) => cosines.map((row) => inner(row, c));
  const start = lengthOf(shares);
  let mean = start < tol ? shares.map((_, k) => Number(k === 0)) : shares.map((x) => x / start);
  for (let step = 0; step < steps; step++) {
    const dots = dotsWith(mean).map((dot) => clamp(Math.fround(dot), -1, 1));
    const tangent = mean.map(() => 0);
    for (const [k, dot] of dots.entries()) {
      const angle = Math.fround(Math.acos(dot));
      if (angle < tol) continue;
      const pull = (shares[k]! * angle) / Math.fround(Math.sin(angle));
      for (const i of tangent.keys()) tangent[i]! += pull * (Number(i === k) - dot * mean[i]!);
    }
    const move = Math.sqrt(Math.max(0, inner(tangent, dotsWith(tangent))));
    if (move < tol) break;
    const point = mean.map((x, i) => Math.cos(move) * x + (Math.sin(move) / move) * tangent[i]!);
    const length = lengthOf(point);
    mean = length > tol ? point.map((x) => x / length) : point;
  }
  return mean;
}

/** Norm of a combination of the tensors, with the rounding errors of torch's. */
function torchNormOf(
  coefficients: readonly number[],
  task: TensorTask,
  ops: BlockOps,
  out: Float32Array,
): number {
  const norm = new TorchNorm(ops, "float32");
  const inputs = task.components.map((c) => c.values);
  for (const { from, length } of blocksOf({ from: 0, length: task.length })) {
    const block = out.subarray(0, length);
    ops.weightedSum(inputs, coefficients, from, block, 1, "float32");
    norm.add(block);
  }
  return norm.value();
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
