import { expect, type Page, test } from "@playwright/test";
import { labels } from "./demo-files";
import { recipePage } from "./recipe-file";
import {
  engineReady,
  goTo,
  journalCount,
  macroScore,
  measuredWholly,
  notices,
  openWorkbench,
  scoresPanel,
  shares,
  slidersPanel,
} from "./workbench";

test.describe.configure({ timeout: 400_000 });

const methodButton = (page: Page) => slidersPanel(page).getByRole("button", { name: /^Linear|^TIES|^DELLA/ });
const popover = (page: Page) => page.getByRole("dialog", { name: /Merge method|Linear|TIES|DELLA/ });

async function choose(page: Page, method: string): Promise<void> {
  if (!(await popover(page).isVisible())) await methodButton(page).click();
  await popover(page).getByLabel("Merge method", { exact: true }).selectOption(method);
}

async function setParameter(page: Page, label: string, value: string): Promise<void> {
  const field = popover(page).getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press("Enter");
}

test("TIES changes the scores, and linear gives the old ones at once", async ({ page }) => {
  await openWorkbench(page, { backend: "wasm" });
  await engineReady(page);
  await measuredWholly(page);
  const linear = await macroScore(page, "measured").textContent();
  const predicted = await macroScore(page, "predicted").textContent();
  const known = await journalCount(page);

  await choose(page, "ties");
  await setParameter(page, "Density ρ", "0.5");
  await page.keyboard.press("Escape");
  await expect(methodButton(page)).toHaveText("TIES, density 0.5");
  await expect(page.getByRole("region", { name: "Mixture", exact: true })).toContainText("method TIES");
  await expect(page.getByTestId("page")).toContainText("not enough measurements");
  // The base is known whatever the method.
  await measuredWholly(page);
  const ties = await macroScore(page, "measured").textContent();
  expect(ties).not.toBe(linear);
  await expect.poll(() => journalCount(page)).toBe(2);

  await choose(page, "linear");
  await page.keyboard.press("Escape");
  await expect(macroScore(page, "measured")).toHaveText(linear!, { timeout: 2_000 });
  await expect(macroScore(page, "predicted")).toHaveText(predicted!, { timeout: 10_000 });
  expect(await journalCount(page)).toBe(known);
  await expect(page.getByTestId("measuring")).toHaveCount(0);

  // Undo returns to the method and its parameter, redo to linear; nothing is measured again.
  await page.keyboard.press("Control+z");
  await expect(methodButton(page)).toHaveText("TIES, density 0.5");
  await expect(macroScore(page, "measured")).toHaveText(ties!, { timeout: 2_000 });
  await page.keyboard.press("Control+z");
  await expect(methodButton(page)).toHaveText("TIES");
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+Shift+z");
  await expect(methodButton(page)).toHaveText("Linear");

  // After a reload the journal still knows the other method's score.
  await page.reload();
  await engineReady(page);
  await expect.poll(() => journalCount(page)).toBe(known);
  await choose(page, "ties");
  await setParameter(page, "Density ρ", "0.5");
  await page.keyboard.press("Escape");
  await expect(macroScore(page, "measured")).toHaveText(ties!, { timeout: 5_000 });
  expect(await journalCount(page)).toBe(2);
});

test("parameters come from the registry: helps, ranges, seeds, defaults, and what cannot be chosen", async ({
  page,
}) => {
  await openWorkbench(page, { backend: "wasm" });
  await engineReady(page);
  await methodButton(page).click();
  const select = popover(page).getByLabel("Merge method", { exact: true });
  await expect(select.getByRole("option", { disabled: true })).toHaveText([
    /SLERP: takes no weights/,
    /NuSLERP: merges exactly 2 components; the set has 5/,
    /SCE: takes no weights/,
    /Model Stock: takes no weights/,
  ]);
  await select.selectOption("della");
  await expect(popover(page)).toContainText("Drops entries at random, small ones more often");
  const density = popover(page).getByLabel("Density ρ", { exact: true });
  await density.fill("1.5");
  await expect(popover(page).getByRole("alert")).toHaveText("density is 1.5, not 0 to 1");
  await density.press("Enter");
  await expect(density).toHaveValue("1");
  await popover(page).getByLabel("Density ρ, slider").focus();
  for (let i = 0; i < 100; i++) await page.keyboard.press("ArrowLeft");
  await expect(density).toHaveValue("0.5");
  await popover(page).getByLabel("Seed", { exact: true }).fill("7");
  await page.keyboard.press("Enter");
  await popover(page).getByLabel("Rescale updates").uncheck();
  await expect(methodButton(page)).toHaveText("DELLA, density 0.5, rescale off, seed 7");

  // A combination that the method is not defined for is refused in words.
  await setParameter(page, "Spread ε", "0.5");
  await expect(notices(page)).toContainText(/della|DELLA|ρ|density/i, { timeout: 60_000 });
  await popover(page).getByRole("button", { name: "Reset to defaults" }).click();
  await expect(methodButton(page)).toHaveText("DELLA");
});

test("the link, the recipe and the mergekit file carry the method, and the file is read back", async ({
  page,
  browser,
}, info) => {
  await openWorkbench(page, { backend: "wasm" });
  await choose(page, "ties");
  await setParameter(page, "Density ρ", "0.4");
  await page.keyboard.press("Escape");
  await goTo(page, "Recipe");
  const main = recipePage(page);
  await expect(main.getByRole("region", { name: "Merge method" })).toContainText("Density ρ0.4");
  await expect(main.getByRole("region", { name: "Provenance" })).toContainText("TIES, density 0.4, float32");
  await main.getByRole("tab", { name: "Link" }).click();
  const address = await main.getByRole("region", { name: "The link" }).textContent();
  await main.getByRole("tab", { name: "mergekit" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    main.getByRole("button", { name: "Download", exact: true }).click(),
  ]);
  const yaml = info.outputPath("merge.mergekit.yaml");
  await download.saveAs(yaml);

  const other = await browser.newContext();
  const fresh = await other.newPage();
  await fresh.goto(address!);
  await goTo(fresh, "Explore");
  await expect(methodButton(fresh)).toHaveText("TIES, density 0.4");
  await other.close();

  await goTo(page, "Explore");
  await page.getByRole("button", { name: "Random", exact: true }).click();
  await choose(page, "linear");
  await page.keyboard.press("Escape");
  await goTo(page, "Recipe");
  await main.getByLabel("Recipe file").setInputFiles(yaml);
  await expect(main).toContainText("merge.mergekit.yaml is open: its mixture and method are on show.");
  await goTo(page, "Explore");
  await expect(methodButton(page)).toHaveText("TIES, density 0.4");
  expect(await shares(page)).toEqual(labels.map(() => 20));

  await goTo(page, "Recipe");
  const refused = async (text: string, why: RegExp) => {
    await main
      .getByLabel("Recipe file")
      .setInputFiles({ name: "other.yaml", mimeType: "application/yaml", buffer: Buffer.from(text) });
    await expect(main.getByRole("alert")).toContainText(why);
  };
  await refused("slices: []\nmerge_method: linear\n", /other\.yaml: .*"slices"/);
  await refused(
    "models:\n  - model: elsewhere\n    parameters: {weight: 1}\nmerge_method: linear\n",
    /"elsewhere" is no component of/,
  );
  await goTo(page, "Explore");
  await expect(methodButton(page)).toHaveText("TIES, density 0.4");
  await expect(scoresPanel(page)).toBeVisible();
});
