import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";
import { parseRecipe } from "../src/core/recipe/parse-recipe";
import type { Recipe } from "../src/core/recipe/recipe";

export const recipePage = (page: Page) => page.getByTestId("page");

/** Saves the recipe of the mixture on show through the page, and reads it back. */
export async function downloadRecipe(page: Page, path: string): Promise<Recipe> {
  await recipePage(page).getByRole("tab", { name: "Recipe", exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    recipePage(page).getByRole("button", { name: "Download", exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.demix\.json$/);
  await download.saveAs(path);
  const recipe = parseRecipe(await readFile(path, "utf8"), path);
  if (!recipe.ok) throw new Error(recipe.problem.message);
  return recipe.value;
}

/** Opens a recipe file on the Recipe page. */
export const openRecipeText = (page: Page, name: string, text: string): Promise<void> =>
  recipePage(page)
    .getByLabel("Recipe file")
    .setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
