import { fail, ok, type Result } from "../result";
import { type BlockOps, roundTo } from "./block-ops";
import type { MergeMethod, MergeSink, TensorTask } from "./merge-method";
import { switchParameter } from "./parameters";
import { Multislerp } from "./whole-tensor/multislerp-passes";
import { roundedSum } from "./whole-tensor/weights";

/** Multi-SLERP (mergekit): the weighted mean direction of the tensors, or updates, times their weighted mean norm. */
export const multislerp: MergeMethod = {
  name: "multislerp",
  label: "Multi-SLERP",
  help: "Averages the directions of the components on a sphere, and their norms apart from that.",
  base: "optional",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: false,
  parameters: [
    switchParameter("normalize_weights", "Normalise weights", "Divides the weights by their sum.", true),
    {
      name: "eps",
      label: "Smallest norm",
      help: "A mean direction shorter than this counts as none.",
      unit: "",
      kind: "number",
      min: 0,
      max: 1,
      default: 1e-8,
      scope: "merge",
    },
  ],
  merge(task, ops, sink) {
    const { precision, settings, components, tensor } = task;
    let weights = components.map((c) => roundTo(c.weight, precision));
    if (settings.normalize_weights === 1) {
      const sum = roundedSum(weights, precision);
      if (sum === 0)
        return fail("bad-recipe", "the weights sum to 0, so they cannot be normalised.", { tensor });
      weights = weights.map((w) => roundTo(w / sum, precision));
    }
    return mergeOnSphere(task, weights, ops, sink);
  },
};

function mergeOnSphere(
  task: TensorTask,
  weights: readonly number[],
  ops: BlockOps,
  sink: MergeSink,
): Result<null> {
  const passes = new Multislerp(task, weights, ops);
  if (weights.length === 1) passes.copy(sink);
  else if (passes.meanLength() >= roundTo(task.settings.eps!, task.precision)) passes.interpolate(sink);
  else if (weights.length === 2) passes.mixTwo(sink);
  else
    return fail("bad-set", "the directions of the components cancel out or vanish, so they have no mean.", {
      tensor: task.tensor,
      remedy: "Use other weights, or the linear method.",
    });
  return ok(null);
}
