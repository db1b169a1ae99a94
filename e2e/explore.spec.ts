import { expect, type Page, test } from "@playwright/test";
import { labels, spec, totalItems } from "./demo-files";
import { complete, readJournal } from "./journal-reader";
import { sampleScores, takenSamples } from "./score-samples";
import {
  dataShares,
  dragSlider,
  engineReady,
  journalCount,
  macroScore,
  measuredWholly,
  measuringSome,
  openWorkbench,
  scoresPanel,
  shares,
  slider,
  slidersPanel,
  typeShare,
} from "./workbench";

test.describe.configure({ timeout: 240_000 });

const triangle = (page: Page) => page.getByRole("slider", { name: "Mixture in the triangle" });

/** Shares are shown with one decimal: five of them may miss 100 by a quarter. */
async function expectSimplex(page: Page): Promise<void> {
  const alpha = await shares(page);
  expect(alpha).toHaveLength(labels.length);
  expect(Math.abs(alpha.reduce((a, b) => a + b, 0) - 100)).toBeLessThan(0.26);
  await expect(page.getByRole("region", { name: "Mixture", exact: true })).toContainText(
    /Σ = 100\.0 % ?method Linear/,
  );
  const data = await dataShares(page);
  const general = spec.components.findIndex((c) => c.general);
  for (const [i, share] of alpha.entries()) {
    const expected = (1 - spec.beta) * share + (i === general ? spec.beta * 100 : 0);
    expect(Math.abs(data[i]! - expected), `data share of ${labels[i]}`).toBeLessThan(0.11);
  }
}

test.describe("α moves", () => {
  test.beforeEach(async ({ page }) => {
    await openWorkbench(page);
    await expect(macroScore(page, "predicted")).toContainText("plus or minus");
  });

  test("with the keys on a slider, and every other share gives way", async ({ page }) => {
    const before = await shares(page);
    const predicted = await macroScore(page, "predicted").textContent();
    await slider(page, 1).press("ArrowRight");
    expect((await shares(page))[1]).toBeCloseTo(before[1]! + 1, 5);
    await slider(page, 1).press("PageUp");
    await slider(page, 1).press("Shift+ArrowLeft");
    expect((await shares(page))[1]).toBeCloseTo(before[1]! + 5.9, 5);
    for (const i of [0, 2, 3, 4]) expect((await shares(page))[i]).toBeLessThan(before[i]!);
    await expectSimplex(page);
    await expect(macroScore(page, "predicted")).not.toHaveText(predicted!);
    await slider(page, 1).press("End");
    expect(await shares(page)).toEqual([0, 100, 0, 0, 0]);
    await slider(page, 1).press("Home");
    expect((await shares(page))[1]).toBe(0);
    await expectSimplex(page);
  });

  test("with the mouse on a slider, and undo takes the whole drag back", async ({ page }) => {
    const before = await shares(page);
    await dragSlider(page, 3, 0.62);
    expect((await shares(page))[3]).toBeGreaterThan(60);
    expect((await shares(page))[3]).toBeLessThan(64);
    await expectSimplex(page);
    const after = await shares(page);
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await shares(page)).toEqual(before);
    await page.getByRole("button", { name: "Redo" }).click();
    expect(await shares(page)).toEqual(after);
    await slidersPanel(page).getByRole("heading").click();
    await page.keyboard.press("Control+z");
    expect(await shares(page)).toEqual(before);
    await page.keyboard.press("Control+Shift+Z");
    expect(await shares(page)).toEqual(after);
  });

  test("in the triangle with keys and mouse, the components outside it held", async ({ page }) => {
    const before = await shares(page);
    await triangle(page).press("ArrowUp");
    await triangle(page).press("ArrowUp");
    const keyed = await shares(page);
    expect(keyed).not.toEqual(before);
    await expectSimplex(page);
    const box = await triangle(page).boundingBox();
    const [x, y] = [box!.x + box!.width / 2, box!.y + box!.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 40, y + 30, { steps: 5 });
    await page.mouse.up();
    const dragged = await shares(page);
    expect(dragged).not.toEqual(keyed);
    await expectSimplex(page);
    const moved = dragged.filter((share, i) => Math.abs(share - before[i]!) > 0.15).length;
    expect(moved).toBeLessThanOrEqual(3);
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await shares(page)).toEqual(keyed);
  });

  test("but locked shares hold, for sliders, numbers and the triangle", async ({ page }) => {
    await typeShare(page, 0, "30");
    await page.getByRole("button", { name: `Lock ${labels[0]}`, exact: true }).click();
    await slider(page, 1).press("End");
    const alpha = await shares(page);
    expect(alpha[0]).toBe(30);
    expect(alpha[1]).toBe(70);
    await slider(page, 0).press("ArrowRight");
    expect((await shares(page))[0]).toBe(30);
    await slider(page, 1).press("PageDown");
    await triangle(page).press("ArrowLeft");
    await triangle(page).press("ArrowDown");
    expect((await shares(page))[0]).toBe(30);
    await expectSimplex(page);
  });

  test("and a typed percentage is taken over with Enter, nonsense is not", async ({ page }) => {
    await typeShare(page, 2, "12,5");
    expect((await shares(page))[2]).toBe(12.5);
    await typeShare(page, 2, "much");
    expect((await shares(page))[2]).toBe(12.5);
    await typeShare(page, 2, "250");
    expect((await shares(page))[2]).toBe(100);
    await expectSimplex(page);
  });
});

test.describe("with a finger", () => {
  test.use({ hasTouch: true });

  test("α moves on a slider and in the triangle", async ({ page }) => {
    await openWorkbench(page);
    await expect(macroScore(page, "predicted")).toContainText("plus or minus");
    const touch = await page.context().newCDPSession(page);
    const swipe = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [from] });
      for (const t of [0.3, 0.6, 1]) {
        const at = { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
        await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [at] });
      }
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    const before = await shares(page);
    const thumb = (await slider(page, 2).boundingBox())!;
    const start = { x: thumb.x + thumb.width / 2, y: thumb.y + thumb.height / 2 };
    await swipe(start, { x: start.x + 80, y: start.y });
    await expect.poll(async () => (await shares(page))[2]).toBeGreaterThan(before[2]! + 10);
    await expectSimplex(page);
    const slid = await shares(page);
    const ring = (await triangle(page).boundingBox())!;
    const middle = { x: ring.x + ring.width / 2, y: ring.y + ring.height / 2 };
    await swipe(middle, { x: middle.x - 30, y: middle.y + 25 });
    await expect.poll(() => shares(page)).not.toEqual(slid);
    await expectSimplex(page);
  });
});

test("letting go measures: items grow to all, the interval narrows, one journal record more, kept over a reload", async ({
  page,
}) => {
  await openWorkbench(page);
  await engineReady(page);
  await measuredWholly(page);
  const counted = await journalCount(page);
  expect(await readJournal(page)).toEqual([]);
  await sampleScores(page);
  await dragSlider(page, 1, 0.41);
  await measuredWholly(page);
  const samples = await takenSamples(page);
  expect(samples.length).toBeGreaterThan(2);
  for (const [i, { done }] of samples.entries()) {
    expect(done).toBeLessThanOrEqual(totalItems);
    if (i > 0) expect(done).toBeGreaterThan(samples[i - 1]!.done);
  }
  expect(samples.at(-1)!.half).toBeLessThan(0.75 * samples[0]!.half);
  await expect.poll(() => journalCount(page)).toBe(counted + 1);
  await expect.poll(async () => (await readJournal(page)).length).toBe(1);
  const [record] = await readJournal(page);
  expect(record).toMatchObject({
    done: totalItems,
    total: totalItems,
    backend: expect.stringMatching(/^(wasm|webgpu)/),
  });
  expect(record!.alpha!.map((a) => Math.round(a * 1000) / 10)).toEqual(await shares(page));
  const measured = await macroScore(page, "measured").textContent();
  const asked = record!.alpha!.map((a) => (a * 100).toFixed(2));

  await page.reload();
  await engineReady(page);
  await page.evaluate(() => {
    Object.assign(window, { ran: 0 });
    new MutationObserver(() => {
      if (document.querySelector('[data-testid="measuring"]')) Object.assign(window, { ran: 1 });
    }).observe(document, { subtree: true, childList: true });
  });
  await expect.poll(() => journalCount(page)).toBe(counted + 1);
  // The journal's newest bar returns to its mixture exactly; typed numbers would be rounded.
  await page
    .getByRole("toolbar", { name: /measurements, newest last/ })
    .getByRole("button")
    .last()
    .click();
  await measuredWholly(page);
  expect((await shares(page)).map((s) => s.toFixed(1))).toEqual(asked.map((s) => Number(s).toFixed(1)));
  await expect(macroScore(page, "measured")).toHaveText(measured!);
  await expect.poll(() => readJournal(page)).toEqual([record]);
  expect(await page.evaluate(() => (window as unknown as { ran: number }).ran), "measured again").toBe(0);
});

test("a new drag cancels the old measurement, keeps its items, and goes on from them later", async ({
  page,
}) => {
  await openWorkbench(page);
  await engineReady(page);
  await measuredWholly(page);
  await dragSlider(page, 2, 0.55);
  const first = await shares(page);
  await measuringSome(page);
  await dragSlider(page, 2, 0.1);
  await expect.poll(async () => (await readJournal(page)).length).toBeGreaterThan(0);
  const [partial] = await readJournal(page);
  expect(partial!.done).toBeGreaterThan(0);
  expect(partial!.done).toBeLessThan(totalItems);
  await measuredWholly(page);
  await expect.poll(async () => complete(await readJournal(page)).length).toBe(1);
  expect((await readJournal(page)).find((r) => r.address === partial!.address)).toEqual(partial);

  await page.getByRole("button", { name: "Undo" }).click();
  expect(await shares(page)).toEqual(first);
  await measuredWholly(page);
  await expect.poll(async () => complete(await readJournal(page)).length).toBe(2);
  expect(await readJournal(page)).toHaveLength(2);
});

test("Cancel stops a measurement, Go on finishes it, and the journal never shrinks", async ({ page }) => {
  await openWorkbench(page);
  await engineReady(page);
  await measuredWholly(page);
  let most = 0;
  const neverLess = async () => {
    const { length } = await readJournal(page);
    expect(length).toBeGreaterThanOrEqual(most);
    most = length;
  };
  await dragSlider(page, 4, 0.5);
  await measuringSome(page);
  await scoresPanel(page).getByRole("button", { name: "Cancel" }).click();
  await expect(scoresPanel(page)).toContainText(/\d of [\d,]+ items/);
  await expect.poll(async () => (await readJournal(page)).length).toBe(1);
  await neverLess();
  await scoresPanel(page).getByRole("button", { name: "Go on" }).click();
  await measuredWholly(page);
  await neverLess();
  await expect.poll(async () => complete(await readJournal(page)).length).toBe(1);
  await neverLess();
});
