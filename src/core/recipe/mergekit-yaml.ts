import { parseSource } from "../checkpoint/member-source";
import { quote } from "../checkpoint/strict-json";
import type { Precision } from "../merge/block-ops";
import { type ConfigModel, type MergeConfig, takesWeight } from "../merge/config/merge-config";
import type { ModelReference } from "../merge/config/model-reference";
import { writeMergeConfig } from "../merge/config/write-merge-config";
import { type MergeMethod, settingProblem } from "../merge/merge-method";
import { findMethod } from "../merge/registry";
import { fail, ok, type Result } from "../result";
import type { Recipe } from "./recipe-schema";

export interface MergekitOptions {
  /** Folder in which the set's relative and local folders lie; mergekit's working folder when absent. */
  readonly root?: string;
  /** Where a component's folder lies instead, by id. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Source of the base, as in a set, for a method that merges updates of it. */
  readonly base?: string;
  /** Type of the written checkpoint. */
  readonly outDtype?: Precision;
}

/**
 * mergekit configuration that reproduces the recipe's merge: in float32, cast once at the end. Components with weight 0
 * are left out where the method does without them. Fails where mergekit would give another outcome: for a method that
 * this version lacks, a base that is not named, a number of models that the method cannot merge, and karcher with unequal
 * weights.
 */
export function mergekitYaml(
  recipe: Recipe,
  { root = "", paths = {}, base, outDtype = "float32" }: MergekitOptions = {},
): Result<string> {
  const found = findMethod(recipe.method.name);
  if (!found.ok) return found;
  const method = found.value;
  const settings = globalSettings(recipe, method);
  if (!settings.ok) return settings;
  if (method.base === "needed" && !base)
    return fail("bad-recipe", `${method.name} needs the base model, whose folder is not named.`, {
      remedy: "Name the folder of the base.",
    });
  const components = usedComponents(recipe, method);
  if (!components.ok) return components;
  const models: ConfigModel[] = [];
  for (const { id, source, alpha } of components.value) {
    const given = Object.hasOwn(paths, id) ? paths[id] : undefined;
    const model = given === undefined ? modelOf(source, root) : ok({ path: given, lora: null });
    if (!model.ok) return model;
    models.push({ model: model.value, parameters: takesWeight(method) ? { weight: alpha } : {} });
  }
  const origin = base && method.base !== "unused" ? modelOf(base, root) : ok(null);
  if (!origin.ok) return origin;
  const config: MergeConfig = {
    file: "mergekit.yaml",
    method: method.name,
    models,
    base: origin.value,
    parameters: settings.value,
    dtype: "float32",
    outDtype,
    notes: [],
  };
  return ok(writeMergeConfig(config, comments(recipe, method)));
}

type Component = Recipe["components"][number];

/** Every parameter of both scopes, defaults written out: none differs from component to component in a recipe. */
function globalSettings(recipe: Recipe, method: MergeMethod): Result<Record<string, number>> {
  const { seed: _, ...given } = recipe.method.parameters;
  for (const [name, value] of Object.entries(given)) {
    const parameter = method.parameters.find((p) => p.name === name);
    const problem = parameter ? settingProblem(parameter, value) : `it has no parameter ${quote(name)}`;
    if (problem)
      return fail("bad-recipe", `${method.name}: ${problem}.`, {
        remedy: "Export the recipe again with the version that made it.",
      });
  }
  return ok(Object.fromEntries(method.parameters.map((p) => [p.name, given[p.name] ?? p.default])));
}

function usedComponents({ components }: Recipe, method: MergeMethod): Result<Component[]> {
  const { min, max } = method.models;
  const weighted = components.filter((c) => c.alpha > 0);
  const used = method.weighted && weighted.length >= min ? weighted : components;
  if (used.length < min || used.length > max)
    return fail(
      "bad-recipe",
      `${method.name} merges ${min} to ${max} models; the recipe has ${used.length}.`,
      {
        remedy: "Choose another method, or another number of components.",
      },
    );
  if (method.weighted && !takesWeight(method) && used.some((c) => c.alpha !== used[0]!.alpha))
    return fail(
      "bad-recipe",
      `mergekit's ${method.name} has no weights: it would count all ${used.length} components the same.`,
      { remedy: "Give every component the same weight, or write the merged model here." },
    );
  return ok([...used]);
}

/** How mergekit finds a member of a set: in a folder, or on the hub by itself. */
function modelOf(text: string, root: string): Result<ModelReference> {
  const source = parseSource(text, "the recipe");
  if (!source.ok) return source;
  if (source.value.kind === "hub") {
    const { repo, revision } = source.value;
    return ok({ path: repo, revision, lora: null });
  }
  if (source.value.kind === "http")
    return fail("bad-recipe", `mergekit cannot read ${quote(text)}, which lies on a web server.`, {
      remedy: "Download that folder, open the set from disk and export again.",
    });
  const path = source.value.kind === "local" ? source.value.name : source.value.path.replace(/\/+$/, "");
  return ok({ path: root === "" ? path : `${root.replace(/\/+$/, "")}/${path}`, lora: null });
}

function comments({ name, set }: Recipe, method: MergeMethod): string[] {
  return [
    `${name.trim() || "Recipe"} (component set ${set.name}, ${set.hash.slice(0, 12)})`,
    method.weighted
      ? "Merge weights alpha of component models; they are not a data mixture."
      : `${method.name} takes no weights: the recipe's alpha has no part in it.`,
    ...(method.random
      ? [`${method.name} drops entries at random; mergekit draws other ones than the workbench.`]
      : []),
  ];
}
