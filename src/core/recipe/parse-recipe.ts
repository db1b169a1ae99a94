import * as z from "zod/mini";
import type { ComponentSetSpec } from "../checkpoint/component-set";
import { quote } from "../checkpoint/quote";
import { isObject, parseStrictJson, toPlain } from "../checkpoint/strict-json";
import { explainIssue } from "../explain-issue";
import { isMixture, type Mixture } from "../mixture/mixture";
import { fail, ok, type Result } from "../result";
import { type Recipe, recipeSchema } from "./recipe-schema";

const CURRENT = 1;
/** Far above any recipe that the page writes. */
const MAX_VALUES = 250_000;

/** From version v to v + 1, by v; each takes and gives plain JSON. Version 1 is the first. */
const UPGRADERS: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>> = {};

/** Reads a recipe file of this or an older version. `file` is the name to be shown in messages. */
export function parseRecipe(text: string, file: string): Result<Recipe> {
  const bad = (message: string, remedy = "Export the recipe again from the Recipe page.") =>
    fail<Recipe>("bad-recipe", message, { file, remedy });
  const json = parseStrictJson(text, file, { ownFormat: true, maxValues: MAX_VALUES });
  if (!json.ok) return bad(`This is not a JSON file, or it is cut off: ${json.problem.message}`);
  if (!isObject(json.value) || json.value.get("format") !== "demix-recipe") {
    return bad(
      'This is not a recipe: its "format" is not "demix-recipe".',
      "Choose a file that the Recipe page saved.",
    );
  }
  const version = json.value.get("version");
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    return bad('The recipe\'s "version" is not a whole number from 1.');
  }
  if (version > CURRENT) {
    return bad(
      `The recipe has version ${version}; this workbench reads versions up to ${CURRENT}.`,
      "Open it with a newer workbench.",
    );
  }
  let upgraded = toPlain(json.value) as Record<string, unknown>;
  for (let v = version; v < CURRENT; v++) upgraded = UPGRADERS[v]!(upgraded);
  const parsed = z.safeParse(recipeSchema, upgraded);
  if (!parsed.success) return bad(`In the recipe ${explainIssue(parsed.error.issues[0]!)}`);
  return checkMixture(parsed.data, bad);
}

function checkMixture(
  recipe: Recipe,
  bad: (message: string, remedy?: string) => Result<Recipe>,
): Result<Recipe> {
  const ids = recipe.components.map((c) => c.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) return bad(`The component ${quote(twice)} stands twice in the recipe.`);
  const alpha = recipe.components.map((c) => c.alpha);
  const sum = alpha.reduce((a, b) => a + b, 0);
  if (isMixture(alpha, alpha.length) && Math.abs(sum - 1) < 1e-6) return ok(recipe);
  return bad(
    `The mixture weights α sum to ${Number(sum.toFixed(6))} and must sum to 1, in steps of 0.0001.`,
    "Correct the components' alpha in the file.",
  );
}

/**
 * α in the order of an opened set. Hashes are compared where both are known. Fails when the recipe was made for other weights, names a component that the set lacks, or
 * gives weight to none of the set's. Components that the recipe does not name have share 0.
 */
export function alphaForSet(
  recipe: Recipe,
  set: { readonly hash: string | null; readonly spec: Pick<ComponentSetSpec, "name" | "components"> },
  file: string,
): Result<Mixture> {
  const known = set.spec.components.map((c) => c.id);
  const unknown = recipe.components.filter((c) => !known.includes(c.id)).map((c) => c.id);
  if (unknown.length > 0) {
    return fail(
      "bad-recipe",
      `The set "${set.spec.name}" has no component ${unknown.map((id) => `"${id}"`).join(", ")}.`,
      { file, remedy: `Open the set "${recipe.set.name}" first.` },
    );
  }
  if (recipe.set.hash !== "" && set.hash !== null && recipe.set.hash !== set.hash) {
    return fail(
      "bad-recipe",
      `The recipe was made for other weights (set "${recipe.set.name}", ${recipe.set.hash.slice(0, 12)}) than the opened set "${set.spec.name}" (${set.hash.slice(0, 12)}).`,
      { file, remedy: "Open that set, or measure the mixture anew on this one." },
    );
  }
  return ok(known.map((id) => recipe.components.find((c) => c.id === id)?.alpha ?? 0));
}
