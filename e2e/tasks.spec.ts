import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { arcFile, brokenFile, corpusFile, forbiddenYaml, unknownFile, yamlFiles } from "./own-tasks";
import { ENGINE_MS, engineReady, goTo, journalCount, openWorkbench, scoresPanel, visit } from "./workbench";

test.describe.configure({ timeout: 240_000 });

const shown = (page: Page): Locator => page.getByTestId("page");
const input = (page: Page): Locator => page.getByLabel("Benchmark and task files");
const found = (page: Page, name: string): Locator =>
  page.getByRole("list", { name: "Files" }).getByRole("listitem").filter({ hasText: name }).first();
const state = (page: Page): Locator => page.getByTestId("tasks-state");

async function inUse(page: Page): Promise<void> {
  await expect(state(page)).toContainText("In use", { timeout: ENGINE_MS });
}

/** Unticks the demo set's tasks, so that only what was dropped counts. */
async function leaveOutDemoTasks(page: Page): Promise<void> {
  const labels = ["Prose", "Python", "Worked problems", "Sums", "Word problems"];
  for (const label of labels)
    for (const box of await page.getByRole("checkbox", { name: new RegExp(`^${label}.*: counts$`) }).all())
      await box.uncheck();
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include("#page").analyze();
  return found
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(" ")).slice(0, 4)})`);
}

async function measured(page: Page, items: number): Promise<void> {
  await expect(scoresPanel(page)).toContainText(`measured · ${items} items`, { timeout: ENGINE_MS });
}

test("own tasks are recognised, used, measured, compared, kept over a reload and given back", async ({
  page,
}, info) => {
  await openWorkbench(page, { backend: "wasm", page: "tasks" });
  await engineReady(page);
  await inUse(page);
  const shipped = await journalCount(page);

  await input(page).setInputFiles([arcFile, corpusFile]);
  await expect(found(page, arcFile.name)).toContainText(
    /ARC-Easy.*4 items\. Licence of the items: CC BY-SA 4\.0/,
  );
  await expect(found(page, corpusFile.name)).toContainText("bits per byte");
  await input(page).setInputFiles(yamlFiles);
  await expect(found(page, "opposites.yaml")).toContainText('lm-eval task "opposites"');
  await expect(state(page)).toHaveText("Not in use yet");
  await leaveOutDemoTasks(page);
  await expect(page.getByTestId("draft-size")).toHaveText("3 tasks, 8 items");
  await expect(shown(page).getByRole("row", { name: /ARC-Easy/ })).toContainText("CC BY-SA 4.0");

  // A sample, another metric, another domain, another name.
  await page.getByLabel("Items of opposites that are scored").fill("2");
  await page.keyboard.press("Enter");
  await page.getByLabel("Accuracy metric of ARC-Easy").selectOption("acc");
  await page.getByLabel("Domain of opposites").selectOption({ label: "new domain …" });
  await page.getByLabel("new domain", { exact: true }).fill("Words");
  await page.keyboard.press("Enter");
  await page.getByLabel("name", { exact: true }).fill("Mine");
  await expect(page.getByTestId("draft-size")).toHaveText("3 tasks, 7 items");
  await page.getByRole("button", { name: "Use these tasks" }).click();
  await inUse(page);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Mine");

  // What is shipped belongs to the set's own tasks.
  await goTo(page, "Explore");
  await measured(page, 7);
  await expect(scoresPanel(page)).toContainText("Words");
  await page.getByRole("button", { name: "Random", exact: true }).click();
  await expect.poll(() => journalCount(page), { timeout: ENGINE_MS }).toBe(2);
  await measured(page, 7);

  await visit(page, "Tasks");
  await page.getByRole("tab", { name: "Items (7)" }).click();
  const items = page.getByRole("region", { name: "Items", exact: true });
  await items.getByRole("searchbox", { name: "Search items" }).fill("melts sun");
  await expect(items.getByRole("status")).toHaveText("1 items, page 1 of 1");
  await items.getByRole("button", { name: /What melts in the sun/ }).click();
  const detail = page.getByRole("region", { name: "Item 2 of ARC-Easy" });
  await expect(detail.getByRole("row", { name: /right ice/ })).toContainText(/\d %/);
  const prompt = detail.getByRole("region", { name: "Sequence 3" });
  await expect(prompt).toHaveText("Question: What melts in the sun?\nAnswer: ice");
  await expect(prompt.locator("mark")).toHaveText(/ice/);
  await detail.getByRole("button", { name: /Ask this mixture now/ }).click();
  const sum = detail
    .getByRole("row", { name: /right ice/ })
    .locator("td")
    .nth(1);
  await expect(detail.getByRole("status")).toContainText((await sum.textContent())!, { timeout: ENGINE_MS });

  expect(await violations(page), "items").toEqual([]);
  await page.getByRole("tab", { name: "Compare two mixtures" }).click();
  await expect(page.getByTestId("task-differences").getByRole("row", { name: /^ARC-Easy/ })).toContainText(
    "4",
  );
  await page.getByRole("radio", { name: "all, by change" }).check();
  await expect(page.getByRole("list", { name: "Items that differ" }).getByRole("button")).toHaveCount(7);
  expect(await violations(page), "compare").toEqual([]);
  await page.getByRole("tab", { name: "Is it enough?" }).click();
  await expect(page.getByTestId("enough-now")).toContainText("a task with a single item has no interval");
  await page.getByRole("button", { name: "· ARC-Easy" }).click();
  await expect(page.getByTestId("enough-now")).toContainText(
    /with its 4 items a difference of [\d.]+ points/,
  );
  expect(await violations(page), "enough").toEqual([]);
  await expect(page.getByTestId("enough-needed")).toContainText(/items are needed/);
  await expect(page.getByRole("img", { name: /smallest difference falls/ })).toBeVisible();

  await page.getByRole("tab", { name: "Results files" }).click();
  await page.getByRole("button", { name: "Make the files" }).click();
  const files = page.getByRole("list", { name: "Results files" }).getByRole("listitem");
  await expect(files).toHaveCount(4);
  const [samples] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /Download samples_arc_easy/ }).click(),
  ]);
  const samplesFile = info.outputPath(samples.suggestedFilename());
  await samples.saveAs(samplesFile);
  const first = JSON.parse((await readFile(samplesFile, "utf8")).split("\n")[0]!);
  expect(first).toMatchObject({ doc_id: 0, target: expect.anything() });
  await page.getByLabel("Results files of others").setInputFiles(samplesFile);
  await expect(shown(page).getByRole("alert")).toContainText("is measured already");
  expect(await violations(page), "results files").toEqual([]);

  await page.reload();
  await engineReady(page);
  await inUse(page);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Mine");
  await expect.poll(() => journalCount(page)).toBe(2);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  const saved = info.outputPath("mine.tasks.json");
  await download.saveAs(saved);
  expect(JSON.parse(await readFile(saved, "utf8"))).toMatchObject({ tasks: { name: "Mine" } });

  await page.getByRole("button", { name: "Use the set's own tasks" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Demo tasks");
  await expect.poll(() => journalCount(page)).toBe(shipped);

  // The file brings the task set back, and with it what was measured.
  await input(page).setInputFiles(saved);
  await expect(found(page, "mine.tasks.json")).toContainText("Task set");
  await expect(page.getByTestId("draft-size")).toHaveText("3 tasks, 7 items");
  await page.getByRole("button", { name: "Use these tasks" }).click();
  await inUse(page);
  await expect.poll(() => journalCount(page), { timeout: ENGINE_MS }).toBe(2);
});

test("refused files say where and what to do, and a draft outlives a reload", async ({ page }) => {
  await openWorkbench(page, { backend: "wasm", page: "tasks" });
  await inUse(page);
  await input(page).setInputFiles([brokenFile, unknownFile]);
  await expect(found(page, brokenFile.name).getByRole("alert")).toContainText(/line 2/);
  await expect(found(page, unknownFile.name).getByRole("alert")).toContainText(/is no known benchmark/);
  await input(page).setInputFiles(forbiddenYaml);
  await expect(found(page, forbiddenYaml.name).getByRole("alert")).toContainText(/!function/);
  await expect(state(page)).toContainText("In use");

  await input(page).setInputFiles(arcFile);
  await expect(page.getByTestId("draft-size")).toHaveText(/^9 tasks/);
  await page.getByLabel("Scoring mode of ARC-Easy").selectOption({ label: "OpenCompass PPL" });
  await expect(page.getByLabel("Scoring mode of ARC-Easy, OpenCompass PPL")).toBeVisible();
  await page.waitForTimeout(600);
  await page.reload();
  await expect(page.getByTestId("draft-size")).toHaveText(/^9 tasks/);
  await expect(state(page)).toHaveText("Not in use yet");
  await page.getByRole("button", { name: "Back to those in use" }).click();
  await expect(page.getByTestId("draft-size")).toHaveText(/^8 tasks/);
});
