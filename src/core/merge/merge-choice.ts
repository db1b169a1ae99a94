import { fail, ok, type Result } from "../result";
import { choiceObstacle } from "./choose-method";
import { completeSettings, type MergeMethod, type MergeParameter, type MergeSettings } from "./merge-method";
import type { TensorParameters } from "./merge-plan";
import { findMethod } from "./registry";

/**
 * A method with parameters that hold for every tensor and every component, as a measurement's key and a recipe name it:
 * mergekit's parameter names, both scopes in one record, and `seed` for a method that draws random masks.
 */
export interface MergeChoice {
  readonly name: string;
  readonly parameters: MergeSettings;
}

export const LINEAR: MergeChoice = { name: "linear", parameters: {} };

export interface ResolvedChoice {
  readonly method: MergeMethod;
  readonly settings: MergeSettings;
  readonly own: MergeSettings;
  readonly seed: number;
}

/**
 * The method and its complete parameters for a merge of so many components; fails, by name, for an unknown method or
 * parameter, a value out of range, and a number of components that the method does not merge.
 */
export function resolveChoice(choice: MergeChoice, components: number): Result<ResolvedChoice> {
  const found = findMethod(choice.name);
  if (!found.ok) return found;
  const obstacle = choiceObstacle(choice, components);
  if (obstacle)
    return fail("bad-recipe", `${obstacle}.`, {
      remedy: "Choose another method, or correct its parameters.",
    });
  const method = found.value;
  const { seed = 0 } = choice.parameters;
  const own = (scope: MergeParameter["scope"]) => {
    const names = method.parameters.filter((p) => p.scope === scope).map((p) => p.name);
    const set = Object.entries(choice.parameters).filter(([name]) => names.includes(name));
    return completeSettings(method, scope, Object.fromEntries(set));
  };
  return ok({ method, settings: own("merge"), own: own("model"), seed });
}

/** The same parameters for every tensor. */
export function constantParameters(
  { settings, own }: Pick<ResolvedChoice, "settings" | "own">,
  weights: readonly number[],
): (tensor: string) => TensorParameters {
  const all: TensorParameters = { weights, settings, own: weights.map(() => own) };
  return () => all;
}

/**
 * The merge as a plain weighted sum of base and components, [base, …components], where it is one: linear, and task
 * arithmetic written out. Null for every other method.
 */
export function asWeightedSum(
  { method, settings }: ResolvedChoice,
  weights: readonly number[],
): readonly number[] | null {
  const total = weights.reduce((a, b) => a + b, 0);
  const divisor = settings.normalize === 1 && total !== 0 ? total : 1;
  if (method.name === "linear") return [0, ...weights.map((w) => w / divisor)];
  if (method.name !== "task_arithmetic") return null;
  const scale = (settings.lambda ?? 1) / divisor;
  return [1 - scale * total, ...weights.map((w) => w * scale)];
}
