import type { Page } from "@playwright/test";

/**
 * Keeps hold of the page's workers, so that a test can break the engine's as a crash would; call it before the page is
 * opened. Nothing else of the page changes.
 */
export async function holdWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const held: Worker[] = [];
    Object.assign(window, { held });
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (options?.name === "engine") held.push(this);
      }
    };
  });
}

/** Engine workers started so far. */
export const engineWorkers = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { held: Worker[] }).held.length);

/** Asks the newest engine worker to break, in comlink's words: to throw out of its thread, or to lose its GPU device. */
export async function breakEngine(page: Page, what: "die" | "lose-device"): Promise<void> {
  await page.evaluate((how) => {
    const worker = (window as unknown as { held: Worker[] }).held.at(-1);
    worker?.postMessage({
      id: `test-${Math.random()}`,
      type: "APPLY",
      path: ["breakForTest"],
      argumentList: [{ type: "RAW", value: how }],
    });
  }, what);
}

/** Ends the newest engine worker without a word, as the browser does when memory runs out. */
export async function killEngine(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { held: Worker[] }).held.at(-1)?.terminate());
}
