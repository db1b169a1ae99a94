import { checkLengths, completeSettings, type MergeMethod } from "./merge-method";

const BLOCK = 4096;

/**
 * M(α) = Σ wᵢ Θᵢ (paper Eq. 6), divided by Σ wᵢ when normalising; mergekit's `linear`. Each value is summed in float64
 * and rounded to float32 once, so that it is never further from the exact sum than mergekit's float32 sum, a single
 * component comes back exactly, and equal components within one unit in the last place.
 */
export const linear: MergeMethod = {
  name: "linear",
  label: "Linear",
  help: "The weighted average of the components.",
  needsBase: false,
  parameters: [
    {
      name: "normalize",
      label: "Normalise weights",
      help: "Divides by the sum of the weights.",
      kind: "switch",
      min: 0,
      max: 1,
      default: 1,
    },
  ],
  merge(tensors, weights, out, context = {}) {
    checkLengths(tensors, weights, out);
    const { normalize } = completeSettings(linear, context.settings);
    const total = normalize === 1 ? weights.reduce((a, b) => a + b, 0) : 1;
    if (total === 0) throw new RangeError("linear: the weights sum to 0");
    const active = tensors.flatMap((values, i) =>
      weights[i] === 0 ? [] : [{ values, weight: weights[i]! / total }],
    );
    const [only] = active;
    if (only && active.length === 1 && only.weight === 1) {
      out.set(only.values);
      return;
    }
    const sum = new Float64Array(Math.min(BLOCK, out.length));
    for (let from = 0; from < out.length; from += BLOCK) {
      const length = Math.min(BLOCK, out.length - from);
      sum.fill(0);
      for (const { values, weight } of active) {
        for (let i = 0; i < length; i++) sum[i]! += weight * values[from + i]!;
      }
      for (let i = 0; i < length; i++) out[from + i] = sum[i]!;
    }
  },
};
