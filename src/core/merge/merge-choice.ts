import type { Result } from "../result";
import { ok } from "../result";
import { completeSettings, type MergeMethod, type MergeSettings } from "./merge-method";
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

/** The method and its complete parameters; fails for an unknown method, RangeError for a bad parameter. */
export function resolveChoice({ name, parameters }: MergeChoice): Result<ResolvedChoice> {
  const found = findMethod(name);
  if (!found.ok) return found;
  const method = found.value;
  const { seed = 0, ...rest } = parameters;
  const scoped = (scope: "merge" | "model") => {
    const names = new Set(method.parameters.filter((p) => p.scope === scope).map((p) => p.name));
    return completeSettings(
      method,
      scope,
      Object.fromEntries(Object.entries(rest).filter(([key]) => names.has(key))),
    );
  };
  const known = new Set(method.parameters.map((p) => p.name));
  const unknown = Object.keys(rest).find((key) => !known.has(key));
  if (unknown !== undefined) throw new RangeError(`${method.name} has no parameter "${unknown}"`);
  return ok({ method, settings: scoped("merge"), own: scoped("model"), seed });
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
