import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "@playwright/test";
import config from "../playwright.config";
import { installProbe, type PageProbe } from "./page-probe";

const VIEWPORT = { width: 1280, height: 720 };
const ENGINE_TIMEOUT = 120_000;

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

/** Start of the last mark of a name since `after`, in the page's milliseconds; null where there is none. */
export const markTime = (page: Page, name: string, after = 0): Promise<number | null> =>
  page.evaluate(
    ([wanted, from]) => {
      const marks = performance.getEntriesByName(wanted, "mark").filter((m) => m.startTime >= from);
      return marks.at(-1)?.startTime ?? null;
    },
    [name, after] as const,
  );

export const pageNow = (page: Page): Promise<number> => page.evaluate(() => performance.now());

export async function waitForMark(page: Page, name: string, after: number): Promise<number> {
  await page.waitForFunction(
    ([wanted, from]) => performance.getEntriesByName(wanted, "mark").some((m) => m.startTime >= from),
    [name, after] as const,
    { timeout: ENGINE_TIMEOUT, polling: 100 },
  );
  return (await markTime(page, name, after))!;
}
