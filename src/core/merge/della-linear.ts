import type { MergeMethod } from "./merge-method";
import { DENSITY, EPSILON, LAMBDA, normalize, rescale } from "./parameters";
import { taskFamily } from "./task-vectors/merge-task-vectors";
import { workPrecision } from "./task-vectors/select-random";
import { selectByRank } from "./task-vectors/select-ranked";

/** DELLA (Deep et al. 2024, arXiv 2406.11617): random drops by rank, with task arithmetic. */
export const dellaLinear: MergeMethod = {
  name: "della_linear",
  label: "DELLA linear",
  help: "Drops entries at random, small ones more often, rescales the rest and adds up what is left.",
  base: "needed",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: true,
  parameters: [DENSITY, EPSILON, LAMBDA, normalize(false), rescale(true)],
  ...taskFamily({
    consensus: false,
    select: selectByRank("della_linear"),
    work: workPrecision,
  }),
};
