import { expect, type Locator, type Page } from "@playwright/test";
import { labels, totalItems } from "./demo-files";

export type PageName = "set" | "tasks" | "explore" | "search" | "ranks" | "recipe" | "learn";

export interface OpenOptions {
  /** Left to the engine when absent: WASM where the GPU is emulated. */
  readonly backend?: "wasm" | "wasm-threads" | "webgpu";
  readonly page?: PageName;
  /** True on a first visit, when the tour starts by itself. */
  readonly firstVisit?: boolean;
}

/** Starting the engine, or measuring one mixture, may take this long on a busy machine. */
export const ENGINE_MS = 180_000;

/** Opens the workbench as somebody who has been here before, unless told otherwise. */
export async function openWorkbench(page: Page, options: OpenOptions = {}): Promise<void> {
  const { backend, page: name = "explore", firstVisit = false } = options;
  if (!firstVisit) {
    await page.addInitScript(() => {
      if (!localStorage.getItem("demix-view"))
        localStorage.setItem("demix-view", JSON.stringify({ state: { tourDone: true }, version: 1 }));
    });
  }
  await page.goto(`/${backend ? `?backend=${backend}` : ""}#/${name}`);
}

export const backendChip = (page: Page): Locator => page.getByTestId("backend-chip");

export async function engineReady(page: Page): Promise<void> {
  await expect(backendChip(page)).toContainText("self-test passed", { timeout: ENGINE_MS });
}

export const goTo = (page: Page, name: string): Promise<void> =>
  page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();

/** Goes to a page and waits until it is there, whole. */
export async function visit(page: Page, name: string): Promise<void> {
  await goTo(page, name);
  const shown = page.getByTestId("page");
  await expect(shown).not.toBeEmpty();
  await expect(shown).not.toContainText(/Opening the|page stopped/);
}

export const slidersPanel = (page: Page): Locator => page.getByRole("region", { name: "Mixture sliders" });

export const slider = (page: Page, component: number): Locator =>
  slidersPanel(page).getByRole("slider", { name: labels[component]!, exact: true });

/** Merge shares in percent, as the sliders say them. */
export async function shares(page: Page): Promise<number[]> {
  const all = slidersPanel(page).getByRole("slider");
  await expect(all).toHaveCount(labels.length);
  return all.evaluateAll((each) => each.map((one) => Number(one.getAttribute("aria-valuenow"))));
}

/** Effective data shares in percent, as the sliders say them. */
export const dataShares = (page: Page): Promise<number[]> =>
  slidersPanel(page)
    .getByRole("slider")
    .evaluateAll((all) =>
      all.map((one) =>
        Number(/([\d.]+) percent of the data/.exec(one.getAttribute("aria-valuetext") ?? "")?.[1]),
      ),
    );

/** Where a share stands on a slider's rail, in pixels of the window. */
export async function placeOnRail(
  page: Page,
  component: number,
  share: number,
): Promise<{ x: number; y: number }> {
  const rail = slider(page, component).locator("xpath=../..");
  const box = await rail.boundingBox();
  if (!box) throw new Error("the slider has no rail on the screen");
  return { x: box.x + box.width * share, y: box.y + box.height / 2 };
}

/** Drags a slider to a share with the mouse; the button stays down when `hold` is true. */
export async function dragSlider(page: Page, component: number, share: number, hold = false): Promise<void> {
  const now = (await shares(page))[component]! / 100;
  const from = await placeOnRail(page, component, now);
  const to = await placeOnRail(page, component, share);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 6 });
  if (!hold) await page.mouse.up();
}

/** Types an exact share in percent into a slider's field. */
export async function typeShare(page: Page, component: number, percent: string): Promise<void> {
  const field = slidersPanel(page).getByRole("textbox", {
    name: `${labels[component]}, merge share in percent`,
  });
  await field.fill(percent);
  await field.press("Enter");
}

export const scoresPanel = (page: Page): Locator => page.getByRole("region", { name: "Scores", exact: true });

/** Waits until the mixture on the Explore page has all its items. */
export async function measuredWholly(page: Page): Promise<void> {
  await expect(scoresPanel(page)).toContainText(`measured · ${totalItems.toLocaleString("en-US")} items`, {
    timeout: ENGINE_MS,
  });
}

/** Waits until the running measurement has some items, and is not at its end. */
export async function measuringSome(page: Page): Promise<void> {
  await expect(page.getByTestId("measuring")).toContainText(/[1-9]\d* \/ \d+/, { timeout: ENGINE_MS });
}

/** Measurements that the journal strip counts. */
export async function journalCount(page: Page): Promise<number> {
  const text = (await page.getByTestId("journal-count").textContent()) ?? "";
  return Number.parseInt(text, 10);
}

/** The macro score's spoken text, "58.12 plus or minus 0.31", predicted or measured. */
export const macroScore = (page: Page, kind: "predicted" | "measured"): Locator =>
  scoresPanel(page).locator(`li[data-kind="macro"] [data-kind="${kind}"]`).first().locator("span").last();

export const predictedLegend = (page: Page): Locator =>
  page.getByRole("img", { name: /^Predicted .*: colours from/ });

export const notices = (page: Page): Locator => page.getByTestId("notice");
