import { expect, type Page, test } from "@playwright/test";
import { layout, readRuns, totalItems } from "./demo-files";
import { expectEqualItems } from "./item-scores";
import { readJournal, readScores } from "./journal-reader";
import { mixtureHash } from "./share-address";
import { backendChip, ENGINE_MS, engineReady, measuredWholly, openWorkbench, scoresPanel } from "./workbench";

test.describe.configure({ timeout: 300_000 });

type Kind = "wasm" | "wasm-threads" | "webgpu";

const NAMES: Readonly<Record<Kind, RegExp>> = {
  wasm: /^WASM, 1 thread · self-test passed$/,
  "wasm-threads": /^WASM, [2-8] threads · self-test passed$/,
  webgpu: /^WebGPU · self-test passed$/,
};
const REASONS: Readonly<Record<Kind, string>> = {
  wasm: "WASM with one thread is the one asked for.",
  "wasm-threads": "WASM with threads is the one asked for.",
  webgpu: "WebGPU is the one asked for.",
};

/** A shipped mixture from inside the simplex, and its shipped item scores. */
function shipped(): { alpha: readonly number[]; scores: Float32Array } {
  const { header, scores } = readRuns("design.json");
  const at = header.rows.findIndex(
    ({ subject }) => subject.kind === "mixture" && subject.alpha.every((a) => a > 0 && a !== 0.2),
  );
  const subject = header.rows[at]?.subject;
  if (subject?.kind !== "mixture") throw new Error("design.json has no mixture inside the simplex");
  return { alpha: subject.alpha, scores: scores[at]! };
}

/** Opens the workbench at the shipped mixture, but without the shipped measurements: the tab has to measure it. */
async function openAtShipped(page: Page, kind: Kind): Promise<void> {
  await page.route("**/zoo/demo/design.json", (route) => route.fulfill({ status: 404 }));
  await page.goto(`/?backend=${kind}${await mixtureHash(shipped().alpha)}`);
  await engineReady(page);
  await expect(backendChip(page)).toHaveText(NAMES[kind]);
}

async function expectReason(page: Page, kind: Kind): Promise<void> {
  await backendChip(page).click();
  const details = page.getByRole("dialog", { name: /self-test passed/ });
  await expect(details).toContainText(REASONS[kind]);
  await expect(details).toContainText(`✓ ${kind} passed`);
  await page.keyboard.press("Escape");
}

/** The item scores in the journal's only record. */
async function measuredRow(page: Page, kind: Kind): Promise<{ row: number[]; done: number }> {
  await expect.poll(async () => (await readJournal(page)).length).toBe(1);
  const [record] = await readJournal(page);
  expect(record!.alpha).toEqual(shipped().alpha);
  expect(record!.backend).toBe(kind);
  return { row: await readScores(page, record!.address), done: record!.done };
}

test.describe("the same mixture scores alike", () => {
  test.describe.configure({ mode: "serial", timeout: 300_000 });
  const rows = new Map<Kind, number[]>();

  for (const kind of ["wasm-threads", "wasm"] as const) {
    test(`on ${kind}, as shipped and as on the other backend`, async ({ page }) => {
      await openAtShipped(page, kind);
      await expectReason(page, kind);
      await measuredWholly(page);
      const { row, done } = await measuredRow(page, kind);
      expect(done).toBe(totalItems);
      expect(expectEqualItems(row, shipped().scores, `${kind} and shipped`)).toBe(totalItems);
      for (const [other, known] of rows) expectEqualItems(row, known, `${kind} and ${other}`);
      rows.set(kind, row);
    });
  }

  // An emulated GPU takes minutes for all items: the first ones of the stratified order hold every benchmark.
  test("on WebGPU, as shipped and as on WASM", async ({ page }) => {
    await openAtShipped(page, "webgpu");
    await expectReason(page, "webgpu");
    await expect(page.getByTestId("measuring")).toContainText(/\d{2,} \/ \d+/, { timeout: ENGINE_MS });
    await scoresPanel(page).getByRole("button", { name: "Cancel" }).click();
    const { row, done } = await measuredRow(page, "webgpu");
    expect(done).toBeGreaterThanOrEqual(24);
    for (const { block } of layout.tasks) {
      const part = row.slice(block.offset, block.offset + block.items * block.width);
      expect(
        part.some((v) => !Number.isNaN(v)),
        block.task,
      ).toBe(true);
    }
    expect(expectEqualItems(row, shipped().scores, "webgpu and shipped")).toBe(done);
    for (const [other, known] of rows) expectEqualItems(row, known, `webgpu and ${other}`);
  });
});

test("a page that is not isolated computes with one thread and says why", async ({ page }) => {
  await page.route(
    (url) => url.pathname === "/",
    async (route) => {
      const response = await route.fetch();
      const headers = Object.fromEntries(
        Object.entries(response.headers()).filter(([name]) => !name.startsWith("cross-origin-")),
      );
      await route.fulfill({ response, headers });
    },
  );
  await openWorkbench(page, { backend: "wasm-threads", page: "set" });
  await engineReady(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await expect(backendChip(page)).toHaveText(NAMES.wasm);
  await expect(page.getByTestId("page")).toContainText(
    "WASM with threads is not used because the page is not cross-origin isolated",
  );
});

test("left to itself the engine takes the fastest real backend and says why no faster one", async ({
  page,
}) => {
  await openWorkbench(page, { page: "set" });
  await engineReady(page);
  await expect(backendChip(page)).toHaveText(/^WASM, \d+ threads? · self-test passed$/);
  await expect(page.getByTestId("page")).toContainText(
    /WebGPU is not used because its only adapter \(.+\) is emulated on the processor, where WASM is faster/,
  );
});
