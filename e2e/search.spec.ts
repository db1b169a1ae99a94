import { expect, type Page, test } from "@playwright/test";
import { complete, type JournalRecord, readJournal } from "./journal-reader";
import { dragSlider, ENGINE_MS, engineReady, goTo, measuredWholly, openWorkbench } from "./workbench";

test.describe.configure({ timeout: 600_000 });

const PROXIES = 7 + 3 + 2;
const searchPage = (page: Page) => page.getByTestId("page");
const pressed = (page: Page, name: string) => searchPage(page).getByRole("button", { name, exact: true });

const progress = (page: Page) => searchPage(page).getByText(/^\d+ of \d+ proxies$/);

/** Fills in a short plan; the seed makes its mixtures its own. */
async function planSearch(page: Page, seed: number): Promise<void> {
  await searchPage(page).getByRole("textbox", { name: "Rounds" }).fill("7 + 3 + 2");
  await searchPage(page).getByLabel("Seed").fill(String(seed));
  await searchPage(page).getByLabel("Candidates").selectOption("20000");
}

const atLeast = (page: Page, done: number) =>
  expect
    .poll(async () => Number.parseInt(await progress(page).innerHTML(), 10), { timeout: ENGINE_MS })
    .toBeGreaterThanOrEqual(done);

/** Complete records are final: after anything they stand as they stood, to the millisecond. */
async function expectKept(page: Page, before: readonly JournalRecord[]): Promise<JournalRecord[]> {
  const now = complete(await readJournal(page));
  const byAddress = new Map(now.map((r) => [r.address, r]));
  for (const record of before) expect(byAddress.get(record.address)).toEqual(record);
  return now;
}

test("a search pauses, outlives two reloads, and measures no mixture twice", async ({ page }) => {
  await openWorkbench(page, { page: "search" });
  await engineReady(page);
  await planSearch(page, 7);
  await pressed(page, "Run search").click();
  await atLeast(page, 2);
  await pressed(page, "Pause").click();
  await expect(searchPage(page).getByText("Paused", { exact: true })).toBeVisible();
  await expect(page.getByTestId("measuring")).toHaveCount(0, { timeout: ENGINE_MS });
  const paused = complete(await readJournal(page));
  expect(paused.length).toBeGreaterThanOrEqual(2);

  await page.reload();
  await engineReady(page);
  await expect(searchPage(page).getByText("Paused", { exact: true })).toBeVisible();
  await expectKept(page, paused);
  await pressed(page, "Resume").click();
  await atLeast(page, 6);
  const running = await expectKept(page, paused);
  expect(running.length).toBeGreaterThanOrEqual(6);

  // In the middle of a measurement: the search goes on by itself.
  await page.reload();
  await expect(searchPage(page).getByText("Finished", { exact: true })).toBeVisible({ timeout: 500_000 });
  const end = await expectKept(page, running);
  expect(end).toHaveLength(PROXIES + 1);
  expect(new Set(end.map((r) => r.alpha!.join(" "))).size).toBe(PROXIES + 1);

  await expect(searchPage(page)).toContainText(`${PROXIES} of ${PROXIES} proxies`);
  const result = searchPage(page).getByRole("region", { name: "Recommended mixture" });
  await expect(result).toContainText(/measured ●\s*\d+\.\d+/);
  await pressed(page, "Show on the triangle").click();
  await measuredWholly(page);
  await expectKept(page, end);
});

test("a drag during a search is measured first and the search goes on; Cancel ends it", async ({ page }) => {
  await openWorkbench(page, { page: "search" });
  await engineReady(page);
  await planSearch(page, 8);
  await pressed(page, "Run search").click();
  await atLeast(page, 1);
  await goTo(page, "Explore");
  await dragSlider(page, 4, 0.6);
  const dragged = new Date().toISOString();
  await measuredWholly(page);
  const all = complete(await readJournal(page)).filter((r) => r.at > dragged);
  expect(all[0]!.alpha![4], "the first one measured after the drag").toBeGreaterThan(0.55);
  const known = complete(await readJournal(page)).length;
  await expect(page.getByTestId("measuring")).toContainText("search measures", { timeout: ENGINE_MS });
  await expect
    .poll(async () => complete(await readJournal(page)).length, { timeout: ENGINE_MS })
    .toBeGreaterThan(known);

  await goTo(page, "Search");
  const before = complete(await readJournal(page));
  await pressed(page, "Cancel").click();
  await expect(pressed(page, "Run search")).toBeVisible();
  await expect(page.getByTestId("measuring")).toHaveCount(0, { timeout: ENGINE_MS });
  await expectKept(page, before);
});

test("a plan that cannot work is refused in words", async ({ page }) => {
  await openWorkbench(page, { page: "search" });
  await engineReady(page);
  const rounds = searchPage(page).getByRole("textbox", { name: "Rounds" });
  for (const [text, why] of [
    ["3 + 2", /needs \d+ proxies in the first round/],
    ["many", /whole number of proxies/],
    ["64 + 32 + 9000", /At most 2,000 proxies/],
  ] as const) {
    await rounds.fill(text);
    await expect(searchPage(page)).toContainText(why);
    await expect(pressed(page, "Run search")).toBeDisabled();
  }
});
