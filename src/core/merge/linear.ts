import { fail, ok } from "../result";
import { BLOCK } from "./block-ops";
import type { MergeMethod } from "./merge-method";
import { normalize } from "./parameters";
import { torchSum } from "./torch-sum";

/**
 * M(α) = Σ wᵢ Θᵢ (paper Eq. 6), divided by Σ wᵢ when normalising; mergekit's `linear`, in its order of operations, so
 * that results are equal bit by bit.
 */
export const linear: MergeMethod = {
  name: "linear",
  label: "Linear",
  help: "The weighted average of the components.",
  base: "unused",
  weighted: true,
  models: { min: 1, max: 1000 },
  elementwise: true,
  random: false,
  parameters: [normalize(true)],
  merge({ tensor, length, components, settings, precision }, ops, sink) {
    const used = components.filter((c) => c.weight !== 0);
    const weights = used.map((c) => Math.fround(c.weight));
    let divisor = 1;
    if (settings.normalize === 1) {
      divisor = torchSum(weights);
      if (divisor === 0)
        return fail("bad-recipe", "the weights sum to 0, so they cannot be normalised.", { tensor });
    }
    const inputs = used.map((c) => c.values);
    if (sink.encoded) {
      ops.weightedSumEncoded(inputs, weights, 0, sink.encoded, divisor, precision);
      return ok(null);
    }
    const out = ops.scratch(Math.min(BLOCK, length));
    for (let from = 0; from < length; from += BLOCK) {
      const block = out.subarray(0, Math.min(BLOCK, length - from));
      ops.weightedSum(inputs, weights, from, block, divisor, precision);
      sink(from, block);
    }
    return ok(null);
  },
};
