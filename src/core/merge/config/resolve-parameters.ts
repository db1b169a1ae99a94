import { shorten } from "../../checkpoint/strict-json";
import { fail, ok, type Result } from "../../result";
import type { MergeMethod, MergeParameter, MergeSettings } from "../merge-method";
import type { TensorParameters } from "../merge-plan";
import { layerIndex } from "./layer-index";
import {
  demandedParameters,
  type MergeConfig,
  mergeInputs,
  type ScalarOrGradient,
  type Setting,
  type Settings,
  takesWeight,
} from "./merge-config";
import { modelName } from "./model-reference";

/**
 * What a configuration sets for one tensor, as mergekit 0.1.5 resolves it: a model's own setting before the global one,
 * the first condition that holds, gradients at t = layer / (layers − 1); t = 0 outside the layers and 1 in a single layer.
 * Weights and `own` run over the components of `mergeInputs`. Weights are 1/N where mergekit's method has none. Fails, with
 * the tensor's name, where no weight holds for it and where a gradient meets a layer that cannot be told.
 */
export function resolveParameters(
  config: MergeConfig,
  method: MergeMethod,
  tensorName: string,
  layerCount: number,
): Result<TensorParameters> {
  try {
    return ok(resolve(config, method, { tensor: tensorName, layers: layerCount }));
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return fail("bad-recipe", error.message, { file: config.file, tensor: tensorName, remedy: error.remedy });
  }
}

/** The parameters of every tensor that a plan merges, or the first that cannot be resolved. */
export function resolveAll(
  config: MergeConfig,
  method: MergeMethod,
  tensorNames: Iterable<string>,
  layerCount: number,
): Result<ReadonlyMap<string, TensorParameters>> {
  const all = new Map<string, TensorParameters>();
  for (const tensor of tensorNames) {
    const resolved = resolveParameters(config, method, tensor, layerCount);
    if (!resolved.ok) return resolved;
    all.set(tensor, resolved.value);
  }
  return ok(all);
}

class Unresolved extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

interface Place {
  readonly tensor: string;
  readonly layers: number;
}

function resolve(config: MergeConfig, method: MergeMethod, place: Place): TensorParameters {
  const { components } = mergeInputs(config, method);
  const demanded = demandedParameters(method);
  const value = (wanted: Wanted, sources: readonly Settings[], of: string, initial?: number): number => {
    const found = lookUp(wanted, sources, place);
    if (found !== null) return found;
    if (initial !== undefined && !demanded.includes(wanted.name)) return initial;
    throw new Unresolved(
      `no ${wanted.name} of ${of} holds for it.`,
      'End its conditions with one without a "filter".',
    );
  };
  const scoped = (scope: MergeParameter["scope"], of: string, ...sources: Settings[]): MergeSettings =>
    Object.fromEntries(
      method.parameters
        .filter((p) => p.scope === scope)
        .map((p) => [p.name, value(p, sources, of, p.default)]),
    );
  const weighted = takesWeight(method);
  return {
    settings: scoped("merge", method.name, config.parameters),
    own: components.map((c) => scoped("model", modelName(c.model), c.parameters, config.parameters)),
    weights: components.map((c) =>
      weighted
        ? value(WEIGHT, [c.parameters, config.parameters], shorten(modelName(c.model)))
        : 1 / components.length,
    ),
  };
}

const WEIGHT: Wanted = { name: "weight", kind: "number" };

type Wanted = Pick<MergeParameter, "name" | "kind"> & Partial<Pick<MergeParameter, "min" | "max">>;

/** The first source whose setting gives a value for the tensor; null when none does. */
function lookUp(wanted: Wanted, sources: readonly Settings[], place: Place): number | null {
  for (const source of sources) {
    const setting = source[wanted.name];
    const value = setting === undefined ? null : evaluate(wanted, setting, place);
    if (value !== null) return value;
  }
  return null;
}

function evaluate(wanted: Wanted, setting: Setting, place: Place): number | null {
  if (typeof setting === "number") return setting;
  if (!("conditions" in setting)) return interpolate(wanted, setting, place);
  for (const { filter, value } of setting.conditions)
    if (filter === null || filter === "*" || place.tensor.includes(filter))
      return scalarAt(wanted, value, place);
  return null;
}

const scalarAt = (wanted: Wanted, value: ScalarOrGradient, place: Place): number | null =>
  typeof value === "number" ? value : interpolate(wanted, value, place);

/** Between neighbours of a gradient; a switch takes the value before. */
function interpolate(
  { name, kind, min, max }: Wanted,
  values: readonly number[],
  place: Place,
): number | null {
  if (values.length === 0) return null;
  const scaled = position(place) * (values.length - 1);
  const index = Math.floor(scaled);
  if (kind === "switch") return values[index]!;
  const part = scaled - index;
  const next = Math.min(values.length - 1, index + 1);
  const value = (1 - part) * values[index]! + part * values[next]!;
  if (kind === "integer" && !Number.isInteger(value))
    throw new Unresolved(
      `the gradient of ${name} gives ${value} there, no whole number.`,
      "Use one value for all layers.",
    );
  // Rounding can pass an end of the range by one unit in the last place.
  return Math.min(max ?? Infinity, Math.max(min ?? -Infinity, value));
}

function position({ tensor, layers }: Place): number {
  const layer = layerIndex(tensor);
  if (layer === null) return 0;
  if (layer === "unknown" || layer >= layers)
    throw new Unresolved(
      layer === "unknown"
        ? "its name does not tell its layer, so that a gradient has no value there."
        : `it belongs to layer ${layer} of a model with ${layers} layers, so that a gradient has no value there.`,
      "Use one value, or conditions, instead of a gradient.",
    );
  return layers > 1 ? layer / (layers - 1) : 1;
}
