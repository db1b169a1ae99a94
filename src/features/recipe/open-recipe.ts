import type { Mixture } from "../../core/mixture/mixture";
import { alphaForSet, parseRecipe } from "../../core/recipe/parse-recipe";
import type { Recipe } from "../../core/recipe/recipe";
import { fail, type Result } from "../../core/result";
import { useMixture } from "../../state/mixture-store";
import type { LoadedSet } from "../../state/workbench-store";
import { useRecipeDraft } from "./recipe-draft";

/** Far above any recipe that the page writes. */
const LARGEST = 4_000_000;

interface TextFile {
  readonly name: string;
  readonly size: number;
  text(): Promise<string>;
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
  let text: string;
  try {
    text = await file.text();
  } catch (error) {
    return fail("bad-recipe", `The browser could not read it (${String(error)}).`, { file: file.name });
  }
  const recipe = parseRecipe(text, file.name);
  if (!recipe.ok) return recipe;
  const alpha = alphaForSet(recipe.value, set, file.name);
  return alpha.ok ? { ok: true, value: { recipe: recipe.value, alpha: alpha.value } } : alpha;
}

/** Opens a recipe: its mixture becomes the cursor (which measures it), its name and note the draft's. */
export async function openRecipe(file: TextFile, set: LoadedSet): Promise<void> {
  const read = await readRecipe(file, set);
  if (!read.ok) {
    useRecipeDraft.setState({ problem: read.problem });
    return;
  }
  const { recipe, alpha } = read.value;
  useMixture.getState().setAlpha(alpha);
  useRecipeDraft.setState({
    name: recipe.name,
    note: recipe.note,
    opened: { file: file.name, recipe },
    problem: null,
  });
}
