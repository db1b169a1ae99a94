import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { preview } from "vite";
import { makeLargeSet } from "./large-set";
import { rendererPeak } from "./renderer-peak";

/**
 * Opens seven random components of Qwen3-0.6B's shape and their base in headless Chromium and scores a linear merge of them on
 * 32 short items, layer by layer; prints seconds, and the largest resident set of a renderer process.
 * `npx vite build && npx tsx bench/large-score.ts [backend]`; takes 10 GB of disk. DIST names another build, PORT another port.
 */
async function main(backend: string): Promise<void> {
  const root = join(fileURLToPath(import.meta.url), "..", "..");
  const folder = join(root, ".work", "large", "tied");
  await makeLargeSet({ folder, components: 7, tied: true, tasks: true }, console.log);
  const { DIST: outDir = "dist", PORT = "4392", CHROMIUM = "/usr/bin/chromium" } = process.env;
  const server = await preview({ root, build: { outDir }, preview: { port: Number(PORT) } });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("pageerror", (error) => console.log(`page error: ${error.message}`));
  await page.addInitScript(() => {
    localStorage.setItem("demix-view", JSON.stringify({ state: { tourDone: true }, version: 1 }));
  });
  await page.goto(`http://localhost:${PORT}/?backend=${backend}#/explore`);
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
  await page.getByRole("link", { name: "Explore", exact: true }).click();
  const scores = page.getByRole("region", { name: "Scores", exact: true });
  const measuring = page.getByTestId("measuring");
  await measuring.filter({ hasText: /[1-9]\d* \/ \d+/ }).waitFor({ timeout: 600_000 });
  lap("first items scored");
  await scores.filter({ hasText: "measured · 32 items" }).waitFor({ timeout: 1_200_000 });
  lap("all items scored");
  console.log((await scores.textContent())?.slice(0, 300));
  clearInterval(watch);
  await browser.close();
  await server.close();
}

void main(process.argv[2] ?? "wasm-threads");
