import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { preview } from "vite";
import { makeLargeSet } from "./large-set";
import { rendererPeak } from "./renderer-peak";

/**
 * Opens seven random components of Qwen3-0.6B's shape and their base in headless Chromium, checks their health, merges them
 * and writes the model to the browser's storage; prints seconds, and the largest resident set of a renderer process.
 * `npx vite build && npx tsx bench/large-tab.ts`; takes 12 GB of disk.
 */
async function main(): Promise<void> {
  const root = join(fileURLToPath(import.meta.url), "..", "..");
  const folder = join(root, ".work", "large", "tied");
  await makeLargeSet({ folder, components: 7, tied: true }, console.log);
  const server = await preview({ root, preview: { port: 4391 } });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.addInitScript(() => {
    localStorage.setItem("demix-view", JSON.stringify({ state: { tourDone: true }, version: 1 }));
    // Without it the page offers the browser's own storage.
    Object.assign(window, { showDirectoryPicker: undefined });
  });
  await page.goto("http://localhost:4391/?backend=wasm#/explore");
  await page.getByText("self-test passed").first().waitFor({ timeout: 90_000 });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, rendererPeak(process.pid));
  }, 250);
  let started = Date.now();
  const lap = (what: string) => {
    console.log(
      `${what}: ${((Date.now() - started) / 1000).toFixed(1)} s, renderer peak ${(peak / 1e9).toFixed(2)} GB`,
    );
    started = Date.now();
  };
  await page.keyboard.press("o");
  await page.getByLabel("Folder of checkpoints").setInputFiles(folder);
  await page.getByRole("dialog").waitFor({ state: "detached", timeout: 120_000 });
  lap("opened");
  await page.getByRole("link", { name: "Set", exact: true }).click();
  await page.getByRole("region", { name: "Verdict" }).waitFor({ timeout: 400_000 });
  lap("health checked");
  await page.getByRole("link", { name: "Recipe", exact: true }).click();
  await page.getByRole("button", { name: "Write for download" }).click();
  await page.getByTestId("merged-files").waitFor({ timeout: 300_000 });
  lap("merged and written");
  console.log(await page.getByTestId("merged-files").locator("p").textContent());
  clearInterval(watch);
  await browser.close();
  await server.close();
}

void main();
