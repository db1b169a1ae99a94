import type { MergeMethod } from "./merge-method";
import { DENSITY, LAMBDA, normalize, rescale } from "./parameters";
import { taskFamily } from "./task-vectors/merge-task-vectors";
import { selectAtRandom, workPrecision } from "./task-vectors/select-random";

/** DARE (Yu et al. 2023, arXiv 2311.03099) with task arithmetic. */
export const dareLinear: MergeMethod = {
  name: "dare_linear",
  label: "DARE linear",
  help: "Drops entries of each update at random, rescales the rest and adds up what is left.",
  base: "needed",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: false,
  random: true,
  parameters: [DENSITY, LAMBDA, normalize(false), rescale(true)],
  ...taskFamily({
    consensus: false,
    select: selectAtRandom("dare_linear"),
    work: workPrecision,
  }),
};
