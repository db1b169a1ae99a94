import { truncate } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { setFile } from "./demo-files";
import { chooseFolder, copyMembers, headersRead, openComposed, showDialog, withoutPicker } from "./own-set";
import { engineReady, macroScore, openWorkbench, shares, slider, visit } from "./workbench";

const PAGES = ["Explore", "Set", "Tasks", "Search", "Ranks", "Recipe", "Learn"] as const;

const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    return { across: scrollWidth - clientWidth, down: scrollHeight - clientHeight };
  });

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(" ")).slice(0, 4)})`);
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(`in ${scheme} colours`, () => {
    test.use({ colorScheme: scheme });

    test("axe finds nothing serious on any page", async ({ page }) => {
      test.setTimeout(240_000);
      await openWorkbench(page);
      await engineReady(page);
      await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", scheme);
      for (const name of PAGES) {
        await visit(page, name);
        expect(await violations(page), name).toEqual([]);
      }
    });

    test("axe finds nothing serious in the tour, the dialogs and the header's details", async ({ page }) => {
      await openWorkbench(page, { firstVisit: true });
      await expect(page.getByTestId("tour")).toBeVisible();
      expect(await violations(page), "tour").toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByTestId("tour")).toHaveCount(0);
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
      expect(await violations(page), "keys").toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await page.keyboard.press("/");
      await expect(page.getByRole("dialog")).toBeVisible();
      expect(await violations(page), "commands").toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await page.getByTestId("set-chip").click();
      // Not while it fades in.
      await expect(page.getByRole("dialog")).toHaveCSS("opacity", "1");
      expect(await violations(page), "set details").toEqual([]);
    });

    test("axe finds nothing serious where sets are opened, methods chosen and models written", async ({
      page,
    }, info) => {
      test.setTimeout(240_000);
      const folder = await copyMembers(info.outputPath("runs"), ["base", "general", "code_high", "code_low"]);
      await truncate(join(folder, "code_low/model.safetensors"), 1000);
      await withoutPicker(page);
      await openWorkbench(page, { backend: "wasm" });
      await engineReady(page);
      const dialog = await showDialog(page);
      expect(await violations(page), "open a set").toEqual([]);
      await chooseFolder(page, folder);
      await headersRead(page, 4);
      await expect(dialog.getByRole("alert")).toContainText("code_low");
      expect(await violations(page), "compose a set").toEqual([]);
      await dialog.getByLabel("runs/code_low: in the set").uncheck();
      await openComposed(page, "Mine");
      expect(await violations(page), "own set").toEqual([]);
      await page.getByRole("button", { name: "method Linear" }).click();
      const methods = page.getByRole("dialog", { name: /method Linear|Merge method/ });
      await methods.getByLabel("Merge method", { exact: true }).selectOption("della");
      await expect(page.getByLabel("Seed", { exact: true })).toBeVisible();
      await expect(page.getByRole("dialog")).toHaveCSS("opacity", "1");
      expect(await violations(page), "method").toEqual([]);
      await page.keyboard.press("Escape");
      await visit(page, "Recipe");
      await page.getByRole("button", { name: "Write for download" }).click();
      await expect(page.getByTestId("merged-files")).toBeVisible();
      expect(await violations(page), "merged model").toEqual([]);
      await showDialog(page);
      await page.getByLabel("Files of a checkpoint, or a set file").setInputFiles({
        name: "demix-set.json",
        mimeType: "application/json",
        buffer: setFile("demix-set.json"),
      });
      await expect(page.getByRole("dialog")).toContainText("where are its folders?");
      expect(await violations(page), "missing folders").toEqual([]);
    });
  });
}

test("every page can be reached and used by keyboard alone", async ({ page }) => {
  await openWorkbench(page);
  await expect(macroScore(page, "predicted")).toContainText("plus or minus");
  for (const [i, heading] of [
    /trust merging/,
    /is it enough/,
    null,
    /Which mixture is best/,
    null,
    /hand on/,
    null,
  ].entries()) {
    await page.keyboard.press(String(i + 1));
    const name = ["Set", "Tasks", "Explore", "Search", "Ranks", "Recipe", "Learn"][i]!;
    await expect(page.getByRole("link", { name, exact: true })).toHaveAttribute("aria-current", "page");
    if (heading) await expect(page.getByRole("heading", { name: heading })).toBeAttached();
  }
  await page.keyboard.press("3");
  // From the start of the page: skip the header, then Tab to a slider and move it.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Skip to the page" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("page")).toBeFocused();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  const visited: string[] = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    visited.push(await focused());
  }
  const name = (await slider(page, 0).getAttribute("aria-label"))!;
  expect(visited).toContain(name);
  expect(visited).toContain("Mixture in the triangle");
  expect(visited).toContain("Colour by");
  await slider(page, 0).focus();
  await page.keyboard.press("ArrowRight");
  expect((await shares(page))[0]).toBe(21);

  await page.keyboard.press("/");
  await page.keyboard.type("go to ranks");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Ranks", exact: true })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

test("the Explore page needs no scrolling at 1280 × 720", async ({ page }) => {
  await openWorkbench(page);
  await engineReady(page);
  await expect(macroScore(page, "predicted")).toContainText("plus or minus");
  expect(await overflow(page)).toEqual({ across: 0, down: 0 });
  const main = await page
    .getByTestId("page")
    .evaluate((e) => ({ across: e.scrollWidth - e.clientWidth, down: e.scrollHeight - e.clientHeight }));
  expect(main).toEqual({ across: 0, down: 0 });
});

for (const [width, height] of [
  [800, 1100],
  [1100, 800],
  [3840, 2160],
] as const) {
  test.describe(`at ${width} × ${height}`, () => {
    test.use({ viewport: { width, height } });

    test("no page runs over its sides", async ({ page }) => {
      await openWorkbench(page);
      for (const name of PAGES) {
        await visit(page, name);
        expect((await overflow(page)).across, name).toBeLessThanOrEqual(0);
      }
    });
  });
}
