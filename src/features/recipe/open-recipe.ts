import { choiceObstacle } from "../../core/merge/choose-method";
import { findMethod } from "../../core/merge/registry";
import type { Mixture } from "../../core/mixture/mixture";
import { alphaForSet, parseRecipe } from "../../core/recipe/parse-recipe";
import type { Recipe } from "../../core/recipe/recipe";
import { fail, type Result } from "../../core/result";
import { useMixture } from "../../state/mixture-store";
import type { LoadedSet } from "../../state/workbench-store";
import { type ImportedMerge, readMergeYaml } from "./merge-import";
import { useRecipeDraft } from "./recipe-draft";

/** Far above any recipe that the page writes. */
const LARGEST = 4_000_000;

interface TextFile {
  readonly name: string;
  readonly size: number;
  text(): Promise<string>;
}

async function textOf(file: TextFile): Promise<Result<string>> {
  try {
    return { ok: true, value: await file.text() };
  } catch (error) {
    return fail("bad-recipe", `The browser could not read it (${String(error)}).`, { file: file.name });
  }
}

/** Reads a recipe file for the open set; a refusal says why and what to do. */
export async function readRecipe(
  file: TextFile,
  set: LoadedSet,
): Promise<Result<{ recipe: Recipe; alpha: Mixture }>> {
  if (file.size > LARGEST) {
    return fail("bad-recipe", "This file is too large to be a recipe.", {
      file: file.name,
      remedy: "Choose a file that the Recipe page saved.",
    });
  }
  const text = await textOf(file);
  if (!text.ok) return text;
  const recipe = parseRecipe(text.value, file.name);
  if (!recipe.ok) return recipe;
  const obstacle = choiceObstacle(recipe.value.method, set.spec.components.length);
  if (obstacle)
    return fail("bad-recipe", `Its merge method cannot be used here: ${obstacle}.`, {
      file: file.name,
      remedy: "Open the set that it was made for, in a version of the workbench that knows the method.",
    });
  const alpha = alphaForSet(recipe.value, set, file.name);
  return alpha.ok ? { ok: true, value: { recipe: recipe.value, alpha: alpha.value } } : alpha;
}

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);

/** Reads a mergekit configuration for the open set; a refusal says why and what to do. */
export async function readMerge(file: TextFile, set: LoadedSet): Promise<Result<ImportedMerge>> {
  if (file.size > LARGEST) {
    return fail("bad-recipe", "This file is too large to be a merge configuration.", {
      file: file.name,
      remedy: "Choose the YAML file of a merge.",
    });
  }
  const text = await textOf(file);
  return text.ok ? readMergeYaml(text.value, file.name, set.spec) : text;
}

/**
 * Opens a recipe, or the YAML of a merge: its mixture and method become the cursor (which measures it), a recipe's name
 * and note the draft's.
 */
export async function openRecipe(file: TextFile, set: LoadedSet): Promise<void> {
  const draft = { problem: null, notes: [] as readonly string[] };
  if (isYaml(file.name)) {
    const read = await readMerge(file, set);
    if (!read.ok) {
      useRecipeDraft.setState({ problem: read.problem, notes: [] });
      return;
    }
    const { alpha, method, notes } = read.value;
    if (alpha) useMixture.getState().setCursor(alpha, method);
    const opened = `${file.name} is open: its mixture and method are on show.`;
    useRecipeDraft.setState({
      ...draft,
      opened: null,
      method: alpha ? null : method,
      notes: [opened, ...notes],
    });
    return;
  }
  const read = await readRecipe(file, set);
  if (!read.ok) {
    useRecipeDraft.setState({ problem: read.problem, notes: [] });
    return;
  }
  const { recipe, alpha } = read.value;
  const found = findMethod(recipe.method.name);
  const weighted = found.ok && found.value.weighted;
  useMixture.getState().setCursor(alpha, weighted ? recipe.method : useMixture.getState().method);
  useRecipeDraft.setState({
    ...draft,
    name: recipe.name,
    note: recipe.note,
    opened: { file: file.name, recipe },
    method: weighted ? null : recipe.method,
  });
}
