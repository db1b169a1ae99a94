import type { MergeChoice } from "./merge-choice";
import { type MergeMethod, type MergeParameter, settingProblem } from "./merge-method";
import { findMethod } from "./registry";

/** Every number that makes a merge: parameters of both scopes, and the seed of a method that draws random masks. */
export const SEED: MergeParameter = {
  name: "seed",
  label: "Seed",
  help: "Fixes which entries the random masks drop; another seed is another draw.",
  unit: "",
  kind: "integer",
  min: 0,
  max: 2 ** 32 - 1,
  default: 0,
  scope: "merge",
};

export const choiceParameters = (method: MergeMethod): readonly MergeParameter[] =>
  method.random ? [...method.parameters, SEED] : method.parameters;

/** Why a mixture of k components cannot be merged by the method; null where it can. */
export function mixtureObstacle(method: MergeMethod, k: number): string | null {
  if (!method.weighted) return "takes no weights, so it makes no proxies";
  return countObstacle(method, k);
}

/** Why the method cannot merge k components at all; null where it can. */
export function countObstacle({ models: { min, max } }: MergeMethod, k: number): string | null {
  if (k >= min && k <= max) return null;
  if (min === max) return `merges exactly ${min} components; the set has ${k}`;
  return k < min ? `needs at least ${min} components; the set has ${k}` : `merges at most ${max} components`;
}

/** Why a choice, from a file or a link, cannot be merged here; null where it can. As the end of a sentence. */
export function choiceObstacle({ name, parameters }: MergeChoice, k: number): string | null {
  const found = findMethod(name);
  if (!found.ok) return found.problem.message.replace(/\.$/, "");
  const known = choiceParameters(found.value);
  for (const [key, value] of Object.entries(parameters)) {
    if (key === SEED.name && value === SEED.default) continue;
    const parameter = known.find((p) => p.name === key);
    if (!parameter) return `${name} has no parameter "${key.slice(0, 80)}"`;
    const problem = settingProblem(parameter, value);
    if (problem) return `${name}: ${problem}`;
  }
  const obstacle = countObstacle(found.value, k);
  return obstacle && `${name} ${obstacle}`;
}
