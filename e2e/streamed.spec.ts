import { expect, test } from "@playwright/test";
import { readRuns, totalItems } from "./demo-files";
import { expectEqualItems } from "./item-scores";
import { readJournal, readScores } from "./journal-reader";
import { mixtureHash } from "./share-address";
import { ENGINE_MS, engineReady, scoresPanel } from "./workbench";

test.describe.configure({ timeout: 300_000 });

/** A shipped mixture of several components, and its shipped item scores. */
function shipped(): { alpha: readonly number[]; scores: Float32Array } {
  const { header, scores } = readRuns("design.json");
  const at = header.rows.findIndex(
    ({ subject }) => subject.kind === "mixture" && subject.alpha.every((a) => a > 0 && a !== 0.2),
  );
  const subject = header.rows[at]?.subject;
  if (subject?.kind !== "mixture") throw new Error("design.json has no mixture inside the simplex");
  return { alpha: subject.alpha, scores: scores[at]! };
}

test("layer by layer a mixture scores as shipped", async ({ page }) => {
  await page.route("**/zoo/demo/design.json", (route) => route.fulfill({ status: 404 }));
  const { alpha, scores } = shipped();
  await page.goto(`/?backend=wasm&execution=streamed${await mixtureHash(alpha)}`);
  await engineReady(page);
  // A pass over all weights is not begun unasked.
  const measuring = page.getByTestId("measuring");
  await expect(scoresPanel(page)).toContainText("reads all weights");
  await expect(measuring).toHaveCount(0);
  await scoresPanel(page).getByRole("button", { name: "Measure", exact: true }).click();
  await expect(measuring).toContainText(/step \d+ of \d+/, { timeout: ENGINE_MS });
  await expect(measuring).toContainText(/[1-9]\d* \/ \d+/, { timeout: ENGINE_MS });
  await scoresPanel(page).getByRole("button", { name: "Cancel" }).click();
  await expect.poll(async () => (await readJournal(page)).length, { timeout: ENGINE_MS }).toBe(1);
  const [record] = await readJournal(page);
  expect(record!.alpha).toEqual(alpha);
  expect(record!.done).toBeGreaterThanOrEqual(2);
  expect(record!.done).toBeLessThan(totalItems);
  const row = await readScores(page, record!.address);
  expect(expectEqualItems(row, scores, "streamed and shipped")).toBe(record!.done);
});
