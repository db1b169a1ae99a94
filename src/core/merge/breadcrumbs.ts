import type { MergeMethod } from "./merge-method";
import { DENSITY, GAMMA, LAMBDA, normalize, rescale } from "./parameters";
import { taskFamily } from "./task-vectors/merge-task-vectors";
import { selectBelowOutliers } from "./task-vectors/select-magnitude";

/** Model Breadcrumbs (Davari and Belilovsky 2023, arXiv 2312.06795). */
export const breadcrumbs: MergeMethod = {
  name: "breadcrumbs",
  label: "Breadcrumbs",
  help: "Drops the largest and the smallest entries of each update and adds up the rest.",
  base: "needed",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: false,
  parameters: [DENSITY, GAMMA, LAMBDA, normalize(false), rescale(false)],
  ...taskFamily({ consensus: false, select: selectBelowOutliers }),
};
