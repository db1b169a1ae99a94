import type { MergeMethod } from "./merge-method";
import { DENSITY, LAMBDA, normalizeAgreeing, rescale } from "./parameters";
import { taskFamily } from "./task-vectors/merge-task-vectors";
import { selectLargest } from "./task-vectors/select-magnitude";

/** TIES (Yadav et al. 2023, arXiv 2306.01708): trim, elect the sign, merge those that agree. */
export const ties: MergeMethod = {
  name: "ties",
  label: "TIES",
  help: "Keeps the largest entries of each update, and of those the ones that agree in sign with the sum.",
  base: "needed",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: false,
  parameters: [DENSITY, LAMBDA, normalizeAgreeing(true), rescale(false)],
  ...taskFamily({ consensus: true, select: selectLargest }),
};
