import { expect, test } from "@playwright/test";
import { layout, spec } from "./demo-files";
import { watchPage } from "./page-watch";
import { backendChip, engineReady, macroScore, openWorkbench, predictedLegend, visit } from "./workbench";

test("a cold open shows the predicted surface before the engine is ready", async ({ page }) => {
  await page.addInitScript(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    const look = () => {
      const legend = document.querySelector('[role="img"][aria-label^="Predicted "]');
      const chip = document.querySelector('[data-testid="backend-chip"]');
      if (legend) seen.surface ??= performance.now();
      if (chip?.textContent?.includes("self-test")) seen.engine ??= performance.now();
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await openWorkbench(page);
  await expect(predictedLegend(page)).toBeVisible({ timeout: 60_000 });
  await expect(macroScore(page, "predicted")).toHaveText(/^\d+\.\d+ plus or minus \d+\.\d+$/);
  const colours = await page.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
    const found = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3] === 255) found.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
    return found.size;
  });
  expect(colours, "colours of the heat map").toBeGreaterThan(30);
  await engineReady(page);
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
  expect(seen.surface).toBeLessThan(seen.engine!);
});

test("nothing goes wrong, nothing leaves this machine, and the page is cross-origin isolated", async ({
  page,
}) => {
  const watch = watchPage(page);
  await openWorkbench(page);
  await engineReady(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  for (const name of ["Set", "Search", "Ranks", "Recipe", "Learn", "Explore"]) {
    await visit(page, name);
  }
  expect(watch.errors).toEqual([]);
  expect(watch.outside).toEqual([]);
});

test("the header names the set, the backend and its self-test, and says why this backend", async ({
  page,
}) => {
  await openWorkbench(page);
  await engineReady(page);
  await expect(page.getByTestId("set-chip")).toContainText(spec.name);
  await expect(page.getByTestId("set-chip")).toContainText(/δ ≤ \d+\.\d %/);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect(page.getByText(`${layout.tasks.length} benchmarks`)).toBeVisible();
  await expect(backendChip(page)).toHaveText(/^(WASM, \d+ threads?|WebGPU) · self-test passed$/);
  await backendChip(page).click();
  const details = page.getByRole("dialog", { name: /self-test passed/ });
  await expect(details).toContainText(/is the fastest backend|is not used because|failed the self-test/);
  await expect(details).toContainText(/✓ (wasm|wasm-threads|webgpu) passed/);
  await expect(details.getByRole("cell", { name: /^\d\.\de-\d+$/ }).first()).toBeVisible();
});
