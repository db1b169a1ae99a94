import { expect, type Page, test } from "@playwright/test";
import * as damaged from "./damaged-files";
import {
  backendChip,
  ENGINE_MS,
  macroScore,
  notices,
  openWorkbench,
  predictedLegend,
  shares,
  slider,
  visit,
} from "./workbench";

interface Case {
  readonly name: string;
  /** Under zoo/demo/. */
  readonly file: string;
  readonly body: () => Buffer | string;
  /** What the sentence must hold: the file, the tensor where there is one, the matter, the remedy. */
  readonly says: readonly (string | RegExp)[];
}

const WEIGHTS = "code_high/model.safetensors";

const CASES: readonly Case[] = [
  {
    name: "truncated weights",
    file: WEIGHTS,
    body: () => damaged.truncated("code_high"),
    says: [WEIGHTS, /bytes|cut|short|truncated|ends/i],
  },
  {
    name: "a file that is no safetensors",
    file: WEIGHTS,
    body: damaged.noSafetensors,
    says: [WEIGHTS, /no safetensors file/],
  },
  {
    name: "a header of absurd length",
    file: WEIGHTS,
    body: () => damaged.absurdHeader("code_high"),
    says: [WEIGHTS, /header/i],
  },
  {
    name: "a NaN among the weights",
    file: WEIGHTS,
    body: () => damaged.withNaN("code_high").bytes,
    says: [WEIGHTS, "tensor model.layers.1.mlp.up_proj.weight", "NaN"],
  },
  {
    name: "weights that are not those of the set",
    file: WEIGHTS,
    body: () => damaged.oneBitOff("code_high"),
    says: [WEIGHTS, /checksum|sha256|SHA-256/],
  },
  {
    name: "a component of another architecture",
    file: "math_low/config.json",
    body: () => damaged.otherConfig("math_low", { num_attention_heads: 2 }),
    says: ["math_low", "config.json", "cannot be merged"],
  },
  {
    name: "a component with another tokenizer",
    file: "general/tokenizer.json",
    body: () => damaged.otherTokenizer("general"),
    says: ["general/tokenizer.json", "cannot be merged", "tokenizer"],
  },
  {
    name: "items that are not those of the tasks",
    file: "items/sums.json",
    body: () => "[]",
    says: ["items/sums.json"],
  },
];

const serve = (page: Page, file: string, body: Buffer | string) =>
  page.route(`**/zoo/demo/${file}`, (route) =>
    route.fulfill({ status: 200, contentType: "application/octet-stream", body }),
  );

/** What needs no engine goes on: predictions follow the sliders. */
async function expectPredictions(page: Page): Promise<void> {
  await expect(predictedLegend(page)).toBeVisible();
  const before = await macroScore(page, "predicted").textContent();
  await slider(page, 3).press("End");
  expect((await shares(page))[3]).toBe(100);
  await expect(macroScore(page, "predicted")).not.toHaveText(before!);
}

const engineNotice = (page: Page) =>
  notices(page).filter({ has: page.getByRole("button", { name: "Start the engine again" }) });

for (const { name, file, body, says } of CASES) {
  test(`${name}: one sentence, and the predictions go on`, async ({ page }) => {
    await serve(page, file, body());
    await openWorkbench(page);
    await expect(backendChip(page)).toContainText("the engine does not run", { timeout: ENGINE_MS });
    await expect(engineNotice(page)).toHaveCount(1);
    const notice = engineNotice(page).locator("p");
    for (const part of says) await expect(notice).toContainText(part);
    const text = (await notice.textContent())!;
    expect(text.length, text).toBeLessThan(400);
    // The matter, and after it the remedy, which may be a command.
    expect(text.trim(), text).toMatch(/\. [A-Z].*(\.|: python .*)$/);
    await expectPredictions(page);
  });
}

test("with a broken set every page opens, and once it is mended the engine starts without a reload", async ({
  page,
}) => {
  await serve(page, WEIGHTS, damaged.truncated("code_high"));
  await openWorkbench(page);
  await expect(engineNotice(page)).toHaveCount(1, { timeout: ENGINE_MS });
  for (const name of ["Set", "Search", "Ranks", "Recipe", "Learn", "Explore"]) await visit(page, name);
  await page.unrouteAll();
  await engineNotice(page).getByRole("button", { name: "Start the engine again" }).click();
  await expect(backendChip(page)).toContainText("self-test passed", { timeout: ENGINE_MS });
  await expect(engineNotice(page)).toHaveCount(0);
});

test("a set file that cannot be read stops the page with a sentence and a way to try again", async ({
  page,
}) => {
  await serve(page, "demix-set.json", "{ not JSON");
  await openWorkbench(page);
  const alert = page.getByTestId("page").getByRole("alert");
  await expect(alert).toContainText("The component set did not open");
  await expect(alert).toContainText("demix-set.json");
  await page.unrouteAll();
  await alert.getByRole("button", { name: "Open it again" }).click();
  await expect(macroScore(page, "predicted")).toContainText("plus or minus");
});

test("a shipped design with a wrong checksum is left out with a sentence", async ({ page }) => {
  await serve(page, "design.f32", Buffer.alloc(1024));
  await openWorkbench(page);
  await expect(notices(page)).toContainText(/design\.f32: .*checksum/);
  await expect(page.getByTestId("journal-count")).toContainText("0 measurements");
  await expect(page.getByTestId("page")).toContainText("not enough measurements");
});
