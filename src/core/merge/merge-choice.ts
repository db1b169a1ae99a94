import { fail, ok, type Result } from "../result";
import {
  completeSettings,
  type MergeMethod,
  type MergeParameter,
  type MergeSettings,
  settingProblem,
} from "./merge-method";
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

/** The method and its complete parameters; fails, by name, for an unknown method or parameter and a value out of range. */
export function resolveChoice({ name, parameters }: MergeChoice): Result<ResolvedChoice> {
  const found = findMethod(name);
  if (!found.ok) return found;
  const method = found.value;
  const { seed = 0, ...rest } = parameters;
  const own: Record<MergeParameter["scope"], Record<string, number>> = { merge: {}, model: {} };
  for (const [key, value] of Object.entries(rest)) {
    const parameter = method.parameters.find((p) => p.name === key);
    const problem = parameter ? settingProblem(parameter, value) : `has no parameter "${key.slice(0, 80)}"`;
    if (problem)
      return fail("bad-recipe", `the merge method ${name}: ${problem}.`, {
        remedy: "Correct the method's parameters.",
      });
    if (parameter) own[parameter.scope][key] = value;
  }
  return ok({
    method,
    settings: completeSettings(method, "merge", own.merge),
    own: completeSettings(method, "model", own.model),
    seed,
  });
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
