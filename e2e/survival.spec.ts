import { expect, type Page, test } from "@playwright/test";
import { breakEngine, engineWorkers, holdWorkers, killEngine } from "./engine-worker";
import { complete, readJournal } from "./journal-reader";
import {
  dragSlider,
  ENGINE_MS,
  engineReady,
  journalCount,
  measuredWholly,
  measuringSome,
  notices,
  openWorkbench,
  scoresPanel,
  shares,
} from "./workbench";

test.describe.configure({ timeout: 400_000 });

/** One measurement in the journal, and another one that has begun. */
async function measureOneBeginAnother(page: Page): Promise<void> {
  await engineReady(page);
  await dragSlider(page, 1, 0.33);
  await measuredWholly(page);
  await expect.poll(async () => complete(await readJournal(page)).length).toBe(1);
  await dragSlider(page, 3, 0.66);
  await measuringSome(page);
}

async function expectKeptAndFinish(page: Page, kept: Awaited<ReturnType<typeof readJournal>>): Promise<void> {
  await measuredWholly(page);
  await expect.poll(async () => complete(await readJournal(page)).length).toBe(2);
  const now = await readJournal(page);
  for (const record of kept) expect(now).toContainEqual(record);
}

test("a worker that dies in the middle is replaced, and nothing journalled is lost", async ({ page }) => {
  await holdWorkers(page);
  await openWorkbench(page);
  await measureOneBeginAnother(page);
  const kept = complete(await readJournal(page));
  const alpha = await shares(page);
  await breakEngine(page, "die");
  await expect(notices(page).filter({ hasText: "died" }).first()).toContainText(
    /worker died .* a new one was started\. What was measured is kept\./,
  );
  expect(await engineWorkers(page)).toBe(2);
  await expect(page.getByTestId("measuring")).toHaveCount(0);
  expect(await shares(page)).toEqual(alpha);
  await scoresPanel(page)
    .getByRole("button", { name: /^(Measure|Go on)$/ })
    .click();
  await expectKeptAndFinish(page, kept);
});

test("a worker that is gone without a word is noticed and replaced", async ({ page }) => {
  await holdWorkers(page);
  await openWorkbench(page);
  await engineReady(page);
  await dragSlider(page, 2, 0.7);
  await measuringSome(page);
  await killEngine(page);
  // As if minutes had passed without an answer.
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    performance.now = () => now() + 300_000;
  });
  await expect(notices(page).filter({ hasText: "no sign of life" }).first()).toBeVisible({ timeout: 90_000 });
  expect(await engineWorkers(page)).toBe(2);
  await scoresPanel(page)
    .getByRole("button", { name: /^(Measure|Go on)$/ })
    .click();
  await measuredWholly(page);
});

test("a GPU device lost in the middle costs nothing but time", async ({ page }) => {
  await holdWorkers(page);
  await openWorkbench(page, { backend: "webgpu" });
  await engineReady(page);
  await dragSlider(page, 1, 0.52);
  await measuringSome(page);
  const before = await measuredItems(page);
  await breakEngine(page, "lose-device");
  await expect(notices(page).first()).toContainText(/graphics device was lost .* the engine goes on with/);
  // What was scored stays, and more follows; the worker itself lives on.
  await expect.poll(() => measuredItems(page), { timeout: ENGINE_MS }).toBeGreaterThan(before);
  expect(await engineWorkers(page)).toBe(1);
  await scoresPanel(page).getByRole("button", { name: "Cancel" }).click();
  await expect.poll(async () => (await readJournal(page)).length).toBe(1);
  const [record] = await readJournal(page);
  expect(record!.done).toBeGreaterThan(before);
});

const measuredItems = async (page: Page): Promise<number> =>
  Number.parseInt(/(\d+) \//.exec((await page.getByTestId("measuring").textContent()) ?? "")?.[1] ?? "0", 10);

test("a browser that refuses to store keeps the measurement in the tab and says so", async ({ page }) => {
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      if ("full" in window) throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      return put.apply(this, args);
    };
  });
  await openWorkbench(page);
  await engineReady(page);
  await dragSlider(page, 1, 0.33);
  await measuredWholly(page);
  await expect.poll(async () => complete(await readJournal(page)).length).toBe(1);
  const counted = await journalCount(page);

  await page.evaluate(() => Object.assign(window, { full: true }));
  await dragSlider(page, 3, 0.66);
  await measuredWholly(page);
  const notice = notices(page).first();
  await expect(notice).toContainText(/refused to store a measurement .*QuotaExceededError/, {
    timeout: ENGINE_MS,
  });
  await expect(notice).toContainText("the measurement is kept until this tab closes");
  await expect(page.getByTestId("journal-count")).toContainText(
    `${counted + 1} measurements, not all stored`,
  );
  expect(complete(await readJournal(page))).toHaveLength(1);

  await page.evaluate(() => Reflect.deleteProperty(window, "full"));
  await dragSlider(page, 4, 0.5);
  await measuredWholly(page);
  await expect.poll(async () => complete(await readJournal(page)).length).toBeGreaterThanOrEqual(2);
  await page.reload();
  await expect.poll(() => journalCount(page)).toBeGreaterThanOrEqual(counted + 1);
});
