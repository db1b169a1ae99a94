import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "@playwright/test";
import { preview } from "vite";
import { makeLargeSet } from "./large-set";
import { rendererPeak } from "./renderer-peak";

export interface LargePage {
  readonly page: Page;
  /** Prints the seconds since the last lap, and the largest resident set of a renderer process so far. */
  lap(what: string): void;
  close(): Promise<void>;
}

export interface LargePageOptions {
  /** Whether the set brings tasks of its own. */
  readonly tasks?: boolean;
  /** The page's path and query. */
  readonly address: string;
  readonly port: number;
  /** Runs in the page before its own scripts. */
  readonly prepare?: () => void;
}

/**
 * The built workbench in headless Chromium with a base and seven random components of Qwen3-0.6B's shape, opened and their health
 * checked. DIST names another build, PORT another port, CHROMIUM another browser.
 */
export async function openLargePage({
  tasks = false,
  address,
  port,
  prepare,
}: LargePageOptions): Promise<LargePage> {
  const root = join(fileURLToPath(import.meta.url), "..", "..");
  const folder = join(root, ".work", "large", "tied");
  await makeLargeSet({ folder, components: 7, tied: true, tasks }, console.log);
  const { DIST: outDir = "dist", PORT = `${port}`, CHROMIUM = "/usr/bin/chromium" } = process.env;
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
  if (prepare) await page.addInitScript(prepare);
  await page.goto(`http://localhost:${PORT}${address}`);
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
  const close = async () => {
    clearInterval(watch);
    await browser.close();
    await server.close();
  };
  return { page, lap, close };
}
