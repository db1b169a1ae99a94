import { ok } from "../result";
import type { MergeMethod } from "./merge-method";
import { switchParameter } from "./parameters";
import { mergeColumnArcs } from "./whole-tensor/column-arcs";
import { mergeRowArcs } from "./whole-tensor/row-arcs";
import { rowsOf } from "./whole-tensor/spans";

/** Weights whose sum is below this, either sign, count the same. */
const NO_WEIGHT = 1e-6;

/** Spherical interpolation between two components, or their updates, at the second one's share of the weights (mergekit). */
export const nuslerp: MergeMethod = {
  name: "nuslerp",
  label: "NuSLERP",
  help: "Goes from the first component to the second along an arc, as far as the second one's share of the weights.",
  base: "optional",
  weighted: true,
  models: { min: 2, max: 2 },
  elementwise: false,
  random: false,
  parameters: [
    switchParameter(
      "nuslerp_flatten",
      "Whole tensors",
      "Takes each tensor as one vector; off, each row of a matrix by itself.",
      true,
    ),
    switchParameter(
      "nuslerp_row_wise",
      "Along the first axis",
      "Where tensors are not taken whole: takes the columns of a matrix instead of its rows.",
      false,
    ),
  ],
  merge(task, ops, sink) {
    const { shape, length, settings, components } = task;
    const [first, second] = components.map((c) => c.weight) as [number, number];
    const total = first + second;
    const t = Math.abs(total) < NO_WEIGHT ? 0.5 : second / total;
    if (settings.nuslerp_flatten === 1 || shape.length < 2 || settings.nuslerp_row_wise === 0) {
      const whole = [{ from: 0, length }];
      mergeRowArcs(task, t, settings.nuslerp_flatten === 1 ? whole : rowsOf(shape, length), ops, sink);
    } else mergeColumnArcs(task, t, ops, sink);
    return ok(null);
  },
};
