import type { MergeMethod } from "./merge-method";
import { DENSITY, GAMMA, LAMBDA, normalizeAgreeing, rescale } from "./parameters";
import { taskFamily } from "./task-vectors/merge-task-vectors";
import { selectBelowOutliers } from "./task-vectors/select-magnitude";

/** Model Breadcrumbs (Davari and Belilovsky 2023, arXiv 2312.06795) with the sign consensus of TIES. */
export const breadcrumbsTies: MergeMethod = {
  name: "breadcrumbs_ties",
  label: "Breadcrumbs TIES",
  help: "Drops the largest and the smallest entries of each update and merges those that agree in sign with the sum.",
  base: "needed",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: false,
  parameters: [DENSITY, GAMMA, LAMBDA, normalizeAgreeing(false), rescale(false)],
  ...taskFamily({ consensus: true, select: selectBelowOutliers }),
};
