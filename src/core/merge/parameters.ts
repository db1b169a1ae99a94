import type { MergeParameter } from "./merge-method";

/** Parameters that several methods share, under mergekit's names. */

const toggle = (
  name: string,
  label: string,
  help: string,
  initial: boolean,
  scope: MergeParameter["scope"] = "merge",
): MergeParameter => ({
  name,
  label,
  help,
  unit: "",
  kind: "switch",
  min: 0,
  max: 1,
  default: Number(initial),
  scope,
});

export { toggle as switchParameter };

export const normalize = (initial: boolean): MergeParameter =>
  toggle("normalize", "Normalise weights", "Divides by the sum of the weights.", initial);

/** For sign consensus, where the divisor counts only those that agree. */
export const normalizeAgreeing = (initial: boolean): MergeParameter =>
  toggle(
    "normalize",
    "Normalise weights",
    "Divides each entry by the sum of the weights of the components that agree in sign there.",
    initial,
  );

export const rescale = (initial: boolean): MergeParameter =>
  toggle(
    "rescale",
    "Rescale updates",
    "Multiplies what is kept of an update so that its sum of magnitudes is that of the whole update.",
    initial,
  );

export const LAMBDA: MergeParameter = {
  name: "lambda",
  label: "Scale λ",
  help: "Multiplies the merged update before it is added to the base.",
  unit: "",
  kind: "number",
  min: -10,
  max: 10,
  default: 1,
  scope: "merge",
};

export const DENSITY: MergeParameter = {
  name: "density",
  label: "Density ρ",
  help: "Share of the entries of each update that is kept; 1 keeps all of them.",
  unit: "",
  kind: "number",
  min: 0,
  max: 1,
  default: 1,
  scope: "model",
};

export const GAMMA: MergeParameter = {
  name: "gamma",
  label: "Outliers γ",
  help: "Share of the entries, those of the largest magnitude, that is dropped before the smallest ones are.",
  unit: "",
  kind: "number",
  min: 0,
  max: 1,
  default: 0.01,
  scope: "model",
};

export const EPSILON: MergeParameter = {
  name: "epsilon",
  label: "Spread ε",
  help: "An entry is kept with a probability from ρ − ε for the smallest of its row to ρ + ε for the largest.",
  unit: "",
  kind: "number",
  min: 0,
  max: 0.5,
  default: 0.15,
  scope: "model",
};
