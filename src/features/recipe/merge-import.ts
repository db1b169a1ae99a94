import type { ComponentSetSpec } from "../../core/checkpoint/component-set";
import { choiceObstacle } from "../../core/merge/choose-method";
import {
  type ConfigModel,
  type MergeConfig,
  mergeInputs,
  type Setting,
  type Settings,
  takesWeight,
} from "../../core/merge/config/merge-config";
import { type ModelReference, modelName } from "../../core/merge/config/model-reference";
import { parseMergeConfig } from "../../core/merge/config/parse-merge-config";
import type { MergeChoice } from "../../core/merge/merge-choice";
import type { MergeMethod } from "../../core/merge/merge-method";
import { findMethod } from "../../core/merge/registry";
import { type Mixture, toMixture } from "../../core/mixture/mixture";
import { fail, ok, type Result } from "../../core/result";

export interface ImportedMerge {
  /** Null for a method without weights: the mixture has no part in it. */
  readonly alpha: Mixture | null;
  readonly method: MergeChoice;
  /** Sentences on what the file says and the page does not take over. */
  readonly notes: readonly string[];
}

/** What the page cannot show of a configuration that is in order. */
class Beyond extends Error {
  constructor(
    message: string,
    readonly remedy = "Run it as it is: npm run replay -- merge.yaml --merged DIR.",
  ) {
    super(message);
  }
}

type Spec = Pick<ComponentSetSpec, "name" | "base" | "components">;

/** A mergekit configuration whose models are the set's components, as a mixture and a method; refused where it is more. */
export function readMergeYaml(text: string, file: string, spec: Spec): Result<ImportedMerge> {
  const config = parseMergeConfig(text, file);
  if (!config.ok) return config;
  const method = findMethod(config.value.method);
  if (!method.ok) return method;
  try {
    return ok(importMerge(config.value, method.value, spec));
  } catch (error) {
    if (!(error instanceof Beyond)) throw error;
    return fail("bad-recipe", error.message, { file, remedy: error.remedy });
  }
}

function importMerge(config: MergeConfig, method: MergeMethod, spec: Spec): ImportedMerge {
  const notes = [...config.notes];
  const { components, base } = mergeInputs(config, method);
  if (base && memberOf(base, [spec.base]) < 0)
    throw new Beyond(
      `base_model "${modelName(base)}" is not the base of "${spec.name}".`,
      `Name the base's folder ${spec.base.source}, or open its set first.`,
    );
  const members = components.map((m) => placeOf(m, spec));
  const twice = members.findIndex((at, i) => members.indexOf(at) < i);
  if (twice >= 0)
    throw new Beyond(`two of its models are the component "${spec.components[members[twice]!]!.label}".`);
  const parameters: Record<string, number> = {};
  for (const p of method.parameters) {
    const sources = p.scope === "model" ? components.map((m) => m.parameters) : [{} as Settings];
    const values = sources.map(
      (own) => constant(own[p.name] ?? config.parameters[p.name], p.name) ?? p.default,
    );
    const [first = p.default] = values;
    if (values.some((v) => v !== first)) throw new Beyond(`${p.name} differs from model to model.`);
    parameters[p.name] = first;
  }
  if (config.dtype && config.dtype !== "float32")
    notes.push(
      `dtype ${config.dtype}: to round as mergekit does, write the model with "mergekit-compatible" and that type.`,
    );
  const plain = { name: method.name, parameters };
  if (!method.weighted) {
    if (components.length !== spec.components.length)
      throw new Beyond(`it merges ${components.length} of the set's ${spec.components.length} components.`);
    return checked({ alpha: null, method: plain, notes }, spec);
  }
  const { weights, scale } = weightsOf(config, method, components);
  const choice = scaled(plain, method, scale, notes);
  const shares = spec.components.map((_, i) => weights[members.indexOf(i)] ?? 0);
  const alpha = toMixture(shares);
  const sum = shares.reduce((a, b) => a + b, 0);
  if (alpha.some((a, i) => Math.abs(a - shares[i]! / sum) > 1e-9))
    notes.push("Weights are rounded to steps of 0.0001.");
  return checked({ alpha, method: choice, notes }, spec);
}

function checked(merge: ImportedMerge, spec: Spec): ImportedMerge {
  const obstacle = choiceObstacle(merge.method, spec.components.length);
  if (obstacle) throw new Beyond(`${obstacle}.`);
  return merge;
}

/** Index of the component that a model is. */
function placeOf({ model }: ConfigModel, spec: Spec): number {
  const at = model.lora === null ? memberOf(model, spec.components) : -1;
  if (at >= 0) return at;
  throw new Beyond(
    `the model "${modelName(model)}" is no component of "${spec.name}".`,
    `Name the components' folders: ${spec.components.map((c) => c.source).join(", ")}.`,
  );
}

/** By the whole source, or by the last folder of its path where only one member has it. */
function memberOf(
  { path, lora }: ModelReference,
  members: readonly { readonly id: string; readonly source: string }[],
): number {
  if (lora !== null) return -1;
  const whole = members.findIndex((m) => trimmed(m.source) === trimmed(path));
  if (whole >= 0) return whole;
  const alike = members.flatMap((m, i) => (last(m.source) === last(path) || m.id === last(path) ? [i] : []));
  return alike.length === 1 ? alike[0]! : -1;
}

const trimmed = (path: string) => path.replace(/^(local:|hf:\/\/)/, "").replace(/\/+$/, "");
const last = (path: string) => trimmed(path).split("/").at(-1)!.replace(/@.*$/, "");

/** The one number that a setting has everywhere; undefined where it is not set. */
function constant(setting: Setting | undefined, name: string): number | undefined {
  if (setting === undefined || typeof setting === "number") return setting;
  const values =
    "conditions" in setting
      ? setting.conditions.flatMap(({ value }) => value)
      : [...(setting as readonly number[])];
  const ends = !("conditions" in setting) || setting.conditions.at(-1)?.filter == null;
  if (ends && values.every((v) => v === values[0])) return values[0];
  throw new Beyond(`${name} differs from tensor to tensor.`);
}

/** Weights, and what their sum would multiply the merge by. */
function weightsOf(
  { parameters }: MergeConfig,
  method: MergeMethod,
  components: readonly ConfigModel[],
): { weights: readonly number[]; scale: number } {
  if (!takesWeight(method)) return { weights: components.map(() => 1), scale: 1 };
  const weights = components.map((m) => constant(m.parameters.weight ?? parameters.weight, "weight") ?? 0);
  if (weights.some((w) => w < 0)) throw new Beyond("a weight is negative, and a mixture has no such share.");
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!(sum > 0)) throw new Beyond("the weights sum to 0.");
  return { weights, scale: sum };
}

/** Weights that do not sum to 1 are a scale of the merge: none where they are normalised, else λ where there is one. */
function scaled(choice: MergeChoice, method: MergeMethod, scale: number, notes: string[]): MergeChoice {
  const { parameters } = choice;
  const normalised =
    parameters.normalize === 1 || parameters.normalize_weights === 1 || method.name === "nuslerp";
  if (Math.abs(scale - 1) < 1e-9 || normalised) return choice;
  if (parameters.lambda === undefined)
    throw new Beyond(
      `its weights sum to ${Number(scale.toPrecision(6))} and are not normalised; a mixture sums to 1.`,
    );
  const lambda = Number((parameters.lambda * scale).toPrecision(12));
  notes.push(`The weights' sum ${Number(scale.toPrecision(6))} went into λ, which is ${lambda} now.`);
  return { name: choice.name, parameters: { ...parameters, lambda } };
}
