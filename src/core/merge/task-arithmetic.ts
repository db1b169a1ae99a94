import type { MergeMethod } from "./merge-method";
import { LAMBDA, normalize } from "./parameters";
import { taskFamily } from "./task-vectors/merge-task-vectors";

/** Task arithmetic (Ilharco et al. 2022, arXiv 2212.04089): Θ_base + λ Σ w_i δ_i. */
export const taskArithmetic: MergeMethod = {
  name: "task_arithmetic",
  label: "Task arithmetic",
  help: "Adds the weighted updates of the components to the base.",
  base: "needed",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: true,
  random: false,
  parameters: [LAMBDA, normalize(false)],
  ...taskFamily({ consensus: false, select: null }),
};
