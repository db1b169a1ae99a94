import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "@playwright/test";
import config from "../playwright.config";
import { installProbe, type PageProbe } from "./page-probe";

const VIEWPORT = { width: 1280, height: 720 };
/** A busy machine is slow, not broken. */
export const PATIENCE_MS = 300_000;

export interface BrowserSession {
  readonly page: Page;
  close(): Promise<void>;
}

/** A browser that has never seen the page: a process, profile and cache of its own. Errors of the page are told. */
export async function openBrowser(root: string, say: (line: string) => void): Promise<BrowserSession> {
  const found = (await import(pathToFileURL(join(root, "scripts", "chromium.mjs")).href)) as {
    findChromium(): string | null;
  };
  const executablePath = found.findChromium();
  if (!executablePath) throw new Error("No Chromium was found; set CHROMIUM to its path.");
  const browser = await chromium.launch({ args: config.use?.launchOptions?.args ?? [], executablePath });
  const context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  page.on("pageerror", (error) => say(`the page threw: ${error.message}`));
  // The TypeScript runner wraps named functions in a call of __name, which the page does not have.
  await page.addInitScript({ content: "globalThis.__name = (f) => f;" });
  await page.addInitScript(installProbe);
  return { page, close: () => browser.close() };
}

export const readProbe = (page: Page): Promise<PageProbe> => page.evaluate(() => window.demixProbe);

/** Waits for a mark at or after a time of the page and returns its time, both in the page's milliseconds. */
export async function waitForMark(page: Page, name: string, after: number): Promise<number> {
  const found = await page
    .waitForFunction(
      ([wanted, from]) =>
        performance.getEntriesByName(wanted, "mark").find((m) => m.startTime >= from)?.startTime,
      [name, after] as const,
      { timeout: PATIENCE_MS, polling: 100 },
    )
    .catch(() => {
      throw new Error(`The page set no mark ${name} within ${PATIENCE_MS / 1000} s.`);
    });
  return (await found.jsonValue())!;
}
