import type { MergeMethod } from "./merge-method";
import { DENSITY, LAMBDA, normalizeAgreeing, rescale } from "./parameters";
import { taskFamily } from "./task-vectors/merge-task-vectors";
import { selectAtRandom, workPrecision } from "./task-vectors/select-random";

/** DARE (Yu et al. 2023, arXiv 2311.03099) with the sign consensus of TIES. */
export const dareTies: MergeMethod = {
  name: "dare_ties",
  label: "DARE TIES",
  help: "Drops entries of each update at random, rescales the rest and merges those that agree in sign with the sum.",
  base: "needed",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: true,
  parameters: [DENSITY, LAMBDA, normalizeAgreeing(false), rescale(true)],
  ...taskFamily({
    consensus: true,
    select: selectAtRandom("dare_ties"),
    work: workPrecision,
  }),
};
