import type { MergeMethod } from "./merge-method";
import { DENSITY, EPSILON, LAMBDA, normalizeAgreeing, rescale } from "./parameters";
import { taskFamily } from "./task-vectors/merge-task-vectors";
import { workPrecision } from "./task-vectors/select-random";
import { selectByRank } from "./task-vectors/select-ranked";

/** DELLA (Deep et al. 2024, arXiv 2406.11617): random drops by rank, with the sign consensus of TIES. */
export const della: MergeMethod = {
  name: "della",
  label: "DELLA",
  help: "Drops entries at random, small ones more often, rescales the rest and merges those that agree in sign with the sum.",
  base: "needed",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: true,
  parameters: [DENSITY, EPSILON, LAMBDA, normalizeAgreeing(true), rescale(true)],
  ...taskFamily({
    consensus: true,
    select: selectByRank("della"),
    work: workPrecision,
  }),
};
