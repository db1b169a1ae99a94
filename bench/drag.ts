import type { Page } from "@playwright/test";
import { openBrowser, PATIENCE_MS, readProbe, waitForMark } from "./browser-session";
import { atMost, type BenchOptions, median, quantile } from "./figure";
import { reportLongTasks } from "./long-tasks";
import type { Move } from "./page-probe";

const STEPS = 120;
const TRIANGLE = '[aria-label="Mixture in the triangle"]';
const SLIDERS = '[aria-label="Mixture sliders"] [role="slider"]';
/** A visitor who has seen the tour: otherwise its card would lie over the sliders. */
const TOUR_DONE = { state: { tourDone: true }, version: 1 };

interface Release {
  readonly estimate: number;
  readonly painted: number;
  readonly complete: number;
}

/** Drags with real mouse moves, and what follows each release. */
export async function benchDrag(options: BenchOptions, url: string, backend: string): Promise<void> {
  const { root, repeat, say } = options;
  const { page, close } = await openBrowser(root, say);
  try {
    await page.addInitScript((value) => localStorage.setItem("demix-view", value), JSON.stringify(TOUR_DONE));
    await page.goto(url);
    await waitForMark(page, "demix:surface", 0);
    await page.waitForFunction(() => window.demixProbe.surfacePainted !== null);
    const chip = page.getByTestId("backend-chip");
    await chip.filter({ hasText: /self-test|does not run/ }).waitFor({ timeout: PATIENCE_MS });
    const engine = await chip.textContent();
    say(`engine: ${engine}`);
    if (!engine?.includes("self-test passed"))
      throw new Error((await page.getByTestId("notice").allInnerTexts()).join(" ") || `engine: ${engine}`);
    await forget(page);
    const moves: Record<"slider" | "triangle", Move[]> = { slider: [], triangle: [] };
    const releases: Release[] = [];
    for (let i = 0; i < repeat; i++) {
      for (const what of ["slider", "triangle"] as const) {
        const path = what === "slider" ? await sliderPath(page, i) : await trianglePath(page, i);
        await drag(page, path);
        releases.push(await afterRelease(page));
        moves[what].push(...(await readProbe(page)).moves);
        await page.evaluate(() => window.demixProbe.moves.splice(0));
      }
    }
    reportMoves(options, backend, moves);
    reportReleases(options, backend, releases);
    reportLongTasks(options, `browser ${backend}/longest task, dragging and measuring`, [
      await readProbe(page),
    ]);
  } finally {
    await close();
  }
}

type Path = readonly { readonly x: number; readonly y: number }[];

async function drag(page: Page, path: Path): Promise<void> {
  const [first, ...rest] = path;
  await page.mouse.move(first!.x, first!.y);
  await page.mouse.down();
  for (const { x, y } of rest) await page.mouse.move(x, y);
  await page.mouse.up();
}

/** Along a slider's rail and back a little, another slider each time. */
async function sliderPath(page: Page, i: number): Promise<Path> {
  const sliders = page.locator(SLIDERS);
  const rail = sliders.nth((i * 2) % (await sliders.count())).locator("..");
  const box = (await rail.boundingBox())!;
  const y = box.y + box.height / 2;
  return Array.from({ length: STEPS }, (_, s) => {
    const at = 0.1 + 0.35 * (1 - Math.cos((s / STEPS) * 1.5 * Math.PI)) + 0.01 * i;
    return { x: box.x + box.width * at, y };
  });
}

/** A loop that begins at the triangle's handle. */
async function trianglePath(page: Page, i: number): Promise<Path> {
  const box = (await page.locator(TRIANGLE).boundingBox())!;
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  return Array.from({ length: STEPS }, (_, s) => {
    const turn = (s / STEPS) * 1.6 * Math.PI;
    const radius = 30 + 4 * i;
    return { x: x + radius * Math.sin(turn), y: y + radius * (1 - Math.cos(turn)) * 0.5 };
  });
}

/** Milliseconds from the pointer's release to what follows. */
async function afterRelease(page: Page): Promise<Release> {
  const { pointerUp } = await readProbe(page);
  const complete = await waitForMark(page, "demix:complete", pointerUp);
  await page.waitForFunction(() => window.demixProbe.estimatePainted !== null, null, {
    timeout: PATIENCE_MS,
  });
  const { estimatePainted } = await readProbe(page);
  const estimate = await waitForMark(page, "demix:first-estimate", pointerUp);
  await page.waitForTimeout(500);
  return {
    estimate: estimate - pointerUp,
    painted: estimatePainted! - pointerUp,
    complete: complete - pointerUp,
  };
}

/** Leaves out what the opening did to the main thread. */
async function forget(page: Page): Promise<void> {
  await page.waitForTimeout(1000);
  await page.evaluate(() => {
    window.demixProbe.longTasks.splice(0);
    window.demixProbe.longFrames.splice(0);
  });
}

function reportMoves(
  { report }: BenchOptions,
  backend: string,
  moves: Record<string, readonly Move[]>,
): void {
  for (const [what, all] of Object.entries(moves)) {
    const name = `browser ${backend}/drag the ${what}`;
    const work = all.map((m) => m.handlers + m.frame);
    const handlers = all.map((m) => m.handlers);
    const total = all.map((m) => m.total);
    const note = `${all.length} moves; handlers, render, canvas, style, layout, paint; not the wait for the frame`;
    report({ name: `${name}: work p50`, value: median(work), unit: "ms", note });
    report({ name: `${name}: work p95`, value: quantile(work, 0.95), unit: "ms", bar: atMost(16) });
    report({ name: `${name}: handlers and render p95`, value: quantile(handlers, 0.95), unit: "ms" });
    const waiting = "from the event's time stamp, the wait for the frame included";
    report({ name: `${name}: event to paint p50`, value: median(total), unit: "ms", note: waiting });
    report({ name: `${name}: event to paint p95`, value: quantile(total, 0.95), unit: "ms", note: waiting });
  }
}

function reportReleases({ report }: BenchOptions, backend: string, all: readonly Release[]): void {
  const name = `browser ${backend}/release →`;
  const of = (what: keyof Release) => median(all.map((r) => r[what]));
  const note = `median of ${all.length}, from the pointerup event`;
  report({ name: `${name} first estimate in the store`, value: of("estimate"), unit: "ms", note });
  report({ name: `${name} first estimate painted`, value: of("painted"), unit: "ms", bar: atMost(300) });
  report({ name: `${name} complete measurement`, value: of("complete") / 1000, unit: "s" });
}
