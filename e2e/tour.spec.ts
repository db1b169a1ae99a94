import { expect, type Page, test } from "@playwright/test";
import { complete, readJournal } from "./journal-reader";
import { dragSlider, ENGINE_MS, macroScore, openWorkbench } from "./workbench";

const card = (page: Page) => page.getByTestId("tour");
const atStep = (page: Page, step: string, timeout = 30_000) =>
  expect(card(page)).toHaveAttribute("data-step", step, { timeout });
const press = (page: Page, name: string) => card(page).getByRole("button", { name, exact: true }).click();

/** From the first card through the drag to the one that waits for a measurement. */
async function startAndDrag(page: Page): Promise<void> {
  await atStep(page, "welcome");
  await expect(card(page)).toBeFocused();
  await press(page, "Start");
  await atStep(page, "drag");
  await dragSlider(page, 1, 0.45);
  await expect(card(page)).toContainText("✓ Drag a slider");
  await atStep(page, "measure");
}

test("the tour leads through a drag, a measurement and a search, all of them real", async ({ page }) => {
  test.setTimeout(600_000);
  await openWorkbench(page, { firstVisit: true });
  await startAndDrag(page);
  await atStep(page, "triangle", ENGINE_MS);
  await expect.poll(async () => complete(await readJournal(page)).length).toBe(1);
  await press(page, "Next");
  await atStep(page, "search");
  await expect(page.getByRole("heading", { name: "Plan of the search" })).toBeVisible();
  await card(page)
    .getByRole("button", { name: /^Run the short one/ })
    .click();
  await expect(card(page)).toContainText(/[1-9]\d* of \d+: /, { timeout: ENGINE_MS });
  await atStep(page, "journal", 500_000);
  expect(complete(await readJournal(page)).length).toBeGreaterThan(12);
  await press(page, "Next");
  await atStep(page, "end");
  for (const act of ["✓ moved a mixture", "✓ measured it", "✓ ran a search"])
    await expect(card(page)).toContainText(act);
  await press(page, "Done");
  await expect(card(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByTestId("journal-count")).toBeVisible();
  await expect(card(page)).toHaveCount(0);
});

// An emulated GPU takes minutes for a whole measurement: here the visitor goes on once it has begun.
test("the tour works on WebGPU up to a measurement that narrows", async ({ page }) => {
  test.setTimeout(400_000);
  await openWorkbench(page, { firstVisit: true, backend: "webgpu" });
  await startAndDrag(page);
  await expect(card(page)).toContainText(/[1-9]\d* of \d+ items/, { timeout: ENGINE_MS });
  await expect(page.getByTestId("backend-chip")).toContainText("WebGPU · self-test passed");
  await expect(macroScore(page, "measured")).toContainText("plus or minus");
  for (const step of ["triangle", "search"]) {
    await press(page, step === "triangle" ? "Later" : "Next");
    await atStep(page, step);
  }
  await press(page, "Later");
  await press(page, "Next");
  await atStep(page, "end");
  await expect(card(page)).toContainText("✓ moved a mixture");
  await expect(card(page)).toContainText("○ ran a search");
  await press(page, "Done");
  await expect(card(page)).toHaveCount(0);
});

test("the tour can be skipped, and taken again from the help menu", async ({ page }) => {
  await openWorkbench(page, { firstVisit: true });
  await atStep(page, "welcome");
  await page.keyboard.press("Escape");
  await expect(card(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Help" }).click();
  await page.getByRole("menuitem", { name: "Take the tour" }).click();
  await atStep(page, "welcome");
  await press(page, "Start");
  await atStep(page, "drag");
  await press(page, "Back");
  await atStep(page, "welcome");
  await press(page, "Skip the tour");
  await expect(card(page)).toHaveCount(0);
});
