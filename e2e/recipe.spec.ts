import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { parse } from "yaml";
import { openCheckpoint } from "../src/core/checkpoint/sharded";
import { type Recipe, recipeText } from "../src/core/recipe/recipe";
import { nodeFolder } from "../src/engine/node/node-folder";
import { labels, SET_FOLDER, spec, totalItems } from "./demo-files";
import { complete, readJournal } from "./journal-reader";
import { downloadRecipe, openRecipeText, recipePage } from "./recipe-file";
import { dragSlider, engineReady, goTo, measuredWholly, openWorkbench, shares } from "./workbench";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The command line's exit status and all that it printed. */
const replay = (...args: string[]): Promise<{ status: number; output: string }> =>
  new Promise((resolve) => {
    const command = ["run", "--silent", "replay", "--", ...args];
    const child = execFile("npm", command, { cwd: ROOT }, (_error, out, err) =>
      resolve({ status: child.exitCode ?? -1, output: out + err }),
    );
  });

const percent = (recipe: Recipe) => recipe.components.map((c) => Math.round(c.alpha * 1000) / 10);

async function weights(folder: string, tensor: string): Promise<Float32Array> {
  const checkpoint = await openCheckpoint(nodeFolder(folder));
  if (!checkpoint.ok) throw new Error(checkpoint.problem.message);
  const values = await checkpoint.value.tensor(tensor);
  if (!values.ok) throw new Error(values.problem.message);
  return values.value;
}

test.describe("the recipe of a measured mixture", () => {
  test.describe.configure({ mode: "serial", timeout: 400_000 });
  let saved: Recipe;

  test("is saved, and opened again it agrees with what is measured now", async ({ page }, info) => {
    await openWorkbench(page);
    await engineReady(page);
    await dragSlider(page, 3, 0.37);
    await measuredWholly(page);
    const [record] = complete(await readJournal(page));
    await goTo(page, "Recipe");
    await recipePage(page).getByLabel("Name of the recipe").fill("Browser test");
    await recipePage(page).getByLabel("Note").fill("Saved by a test.");
    saved = await downloadRecipe(page, info.outputPath("recipe.json"));
    expect(saved.components.map((c) => c.alpha)).toEqual(record!.alpha);
    expect(saved).toMatchObject({ name: "Browser test", note: "Saved by a test." });
    expect(saved.provenance).toMatchObject({
      backend: record!.backend,
      items: { done: totalItems, total: totalItems },
      measuredAt: record!.at,
    });
    expect(Object.keys(saved.scores!.continuous)).toContain("macro");

    await goTo(page, "Explore");
    await page.getByRole("button", { name: "Uniform", exact: true }).click();
    await goTo(page, "Recipe");
    await recipePage(page).getByLabel("Name of the recipe").fill("Another");
    await openRecipeText(page, "again.json", recipeText(saved));
    await expect(recipePage(page).getByLabel("Name of the recipe")).toHaveValue("Browser test");
    await expect(recipePage(page)).toContainText(/All \d+ scores agree within the tolerance/);
    await expect(recipePage(page)).toContainText("again.json");
    await goTo(page, "Explore");
    expect(await shares(page)).toEqual(percent(saved));
    expect(await readJournal(page)).toHaveLength(1);
  });

  test("is reproduced by npm run replay, which writes the merged checkpoint", async ({ page: _ }, info) => {
    const file = info.outputPath("recipe.json");
    const [out, merged] = [info.outputPath("out"), info.outputPath("merged")];
    await writeFile(file, recipeText(saved));
    const { status, output } = await replay(file, "--set", SET_FOLDER, "--out", out, "--merged", merged);
    expect(status, output).toBe(0);
    expect(output).toMatch(/All \d+ scores agree/);
    const results = JSON.parse(await readFile(`${out}/results.json`, "utf8"));
    expect(results.compared.length).toBeGreaterThan(20);
    expect(results.compared.every((c: { agrees: boolean }) => c.agrees)).toBe(true);

    const name = "model.layers.0.self_attn.q_proj.weight";
    const written = await weights(merged, name);
    const parts = await Promise.all(spec.components.map((c) => weights(SET_FOLDER + c.source, name)));
    for (const i of [0, 1, 777, written.length - 1]) {
      const expected = parts.reduce((sum, part, c) => sum + saved.components[c]!.alpha * part[i]!, 0);
      expect(Math.abs(written[i]! - expected), `weight ${i}`).toBeLessThan(1e-6);
    }
  });

  test("with a changed score makes npm run replay exit with 1", async ({ page: _ }, info) => {
    const file = info.outputPath("tampered.json");
    const tampered = structuredClone(saved);
    tampered.scores!.continuous.macro!.value += 0.01;
    await writeFile(file, recipeText(tampered));
    const { status, output } = await replay(file, "--set", SET_FOLDER);
    expect(status, output).toBe(1);
    expect(output).toMatch(/continuous macro: .* DISAGREES/);
    expect(output).toMatch(/1 of \d+ scores disagree/);
  });

  test("is refused by the page when it is damaged, newer or of another set", async ({ page }) => {
    await openWorkbench(page, { page: "recipe" });
    const alert = recipePage(page).getByRole("alert");
    const refused = async (name: string, text: string, why: RegExp) => {
      await openRecipeText(page, name, text);
      await expect(alert).toContainText(name);
      await expect(alert).toContainText(why);
    };
    const changed = (change: (recipe: Record<string, unknown>) => void) => {
      const copy = JSON.parse(recipeText(saved)) as Record<string, unknown>;
      change(copy);
      return JSON.stringify(copy);
    };
    await refused("note.txt", "Dear diary", /not a JSON file/);
    await refused("cut.json", recipeText(saved).slice(0, 400), /not a JSON file, or it is cut off/);
    await refused("list.json", '{"format":"else"}', /not a recipe/);
    await refused(
      "newer.json",
      changed((r) => Object.assign(r, { version: 2 })),
      /version 2; this workbench reads/,
    );
    await refused(
      "off.json",
      changed((r) => Object.assign((r.components as object[])[0]!, { alpha: 0.9 })),
      /sum to .* and must sum to 1/,
    );
    await refused(
      "other.json",
      changed((r) => Object.assign(r.set as object, { hash: "0".repeat(64) })),
      /made for other weights/,
    );
    await goTo(page, "Explore");
    expect(await shares(page)).toEqual(labels.map(() => 20));
  });

  test("is handed on as mergekit YAML with α and as a data mixture with e", async ({ page }) => {
    await openWorkbench(page, { page: "recipe" });
    await openRecipeText(page, "again.json", recipeText(saved));
    await recipePage(page).getByRole("tab", { name: "mergekit" }).click();
    const yaml = parse(await previewText(page));
    const used = saved.components.filter((c) => c.alpha > 0);
    expect(yaml.merge_method).toBe("linear");
    expect(yaml.models.map((m: { parameters: { weight: number } }) => m.parameters.weight)).toEqual(
      used.map((c) => c.alpha),
    );
    await recipePage(page).getByRole("tab", { name: "Data mixture" }).click();
    const table = await previewText(page);
    for (const { label, share } of saved.effectiveShares) {
      const line = table.split("\n").find((l) => l.includes(label.replaceAll("|", "\\|")));
      expect(line, label).toContain(share.toFixed(4));
    }
    const sum = saved.effectiveShares.reduce((s, e) => s + e.share, 0);
    expect(sum).toBeCloseTo(1, 5);
  });

  test("opens in another browser through its link", async ({ page, browser }) => {
    await openWorkbench(page, { page: "recipe" });
    await openRecipeText(page, "again.json", recipeText(saved));
    await recipePage(page).getByRole("tab", { name: "Link" }).click();
    const address = await recipePage(page).getByRole("region", { name: "The link" }).textContent();
    const other = await browser.newContext();
    const fresh = await other.newPage();
    await fresh.goto(address!);
    await expect(recipePage(fresh).getByLabel("Name of the recipe")).toBeVisible();
    await goTo(fresh, "Explore");
    expect(await shares(fresh)).toEqual(percent(saved));
    await other.close();
  });
});

const previewText = async (page: Page): Promise<string> =>
  (await recipePage(page).getByRole("tabpanel").locator("pre").textContent()) ?? "";

test("the Share button's link reopens page, mixture and view; a broken link is refused in words", async ({
  page,
  browser,
}) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await openWorkbench(page);
  await dragSlider(page, 2, 0.3);
  await page.getByRole("radiogroup", { name: "Score" }).getByText("Accuracy").click();
  const shared = await shares(page);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("button", { name: "Link copied" })).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  const other = await browser.newContext();
  const fresh = await other.newPage();
  await fresh.goto(address);
  await expect.poll(() => shares(fresh)).toEqual(shared);
  await expect(fresh.getByRole("radio", { name: "Accuracy" })).toBeChecked();
  await fresh.goto(address.slice(0, -30));
  await expect(fresh.getByTestId("notice")).toContainText(/The link's state .* Ask for the link again/);
  await other.close();
});
