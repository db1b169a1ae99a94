import { ok } from "../result";
import { BLOCK, type BlockOps } from "./block-ops";
import type { MergeMethod, MergeSink, TensorTask } from "./merge-method";
import { karcherCoefficients } from "./whole-tensor/karcher-coefficients";
import { KarcherMean } from "./whole-tensor/karcher-mean";
import { blocksOf } from "./whole-tensor/spans";

/**
 * The weighted Karcher mean of the components' directions on the unit sphere, times Σ αᵢ ‖Θᵢ‖. mergekit's counts every
 * component the same; at equal weights both agree.
 */
export const karcher: MergeMethod = {
  name: "karcher",
  label: "Karcher mean",
  help: "The point on a sphere with the least weighted squared distance along arcs to the components.",
  base: "unused",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: false,
  parameters: [
    {
      name: "max_iter",
      label: "Steps at most",
      help: "Steps after which the search for the mean ends.",
      unit: "steps",
      kind: "integer",
      min: 0,
      max: 1000,
      default: 10,
      scope: "merge",
    },
    {
      name: "tol",
      label: "Tolerance",
      help: "Norms and angles below this count as 0; a step shorter than this is the last one.",
      unit: "",
      kind: "number",
      min: 0,
      max: 1,
      default: 1e-5,
      scope: "merge",
    },
  ],
  merge(task, ops, sink) {
    const used = task.components.filter((c) => c.weight !== 0);
    const alphas = shares(used.map((c) => c.weight));
    const own = { ...task, components: used };
    if (used.length === 1) copy(own, ops, sink);
    // In float32 a large tensor's mean need not be held.
    else if (task.precision === "float32" && task.length > BLOCK)
      combine(own, karcherCoefficients(own, alphas, ops), ops, sink);
    else new KarcherMean(own, alphas, ops).merge(sink);
    return ok(null);
  },
};

/** Weights as shares of 1; equal ones are exactly 1/K. */
function shares(weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  const equal = weights.every((w) => w === weights[0]);
  return weights.map((w) => (equal ? 1 / weights.length : w / total));
}

function copy(task: TensorTask, ops: BlockOps, sink: MergeSink): void {
  const out = ops.scratch(Math.min(BLOCK, task.length));
  for (const { from, length } of blocksOf({ from: 0, length: task.length })) {
    const block = out.subarray(0, length);
    ops.decode(task.components[0]!.values, from, block, task.precision);
    sink(from, block);
  }
}

function combine(task: TensorTask, coefficients: readonly number[], ops: BlockOps, sink: MergeSink): void {
  const inputs = task.components.map((c) => c.values);
  const out = ops.scratch(Math.min(BLOCK, task.length));
  for (const { from, length } of blocksOf({ from: 0, length: task.length })) {
    const block = out.subarray(0, length);
    ops.weightedSum(inputs, coefficients, from, block, 1, task.precision);
    sink(from, block);
  }
}
