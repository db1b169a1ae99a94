import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { build } from "vite";
import type { Differences, FamilyCase } from "../src/runtime/family-check.fixture";

const ROOT = fileURLToPath(new URL("families-page/", import.meta.url));
const VALUES = new URL("../reference/values/families.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(VALUES, "utf8")) as { cases: FamilyCase[] };
/** As a share of the largest logit. */
const BOUND = 1e-4;

/** The first case of every family, and those with operators of their own. */
const chosen = cases.filter(
  ({ name, saved }) => saved || /untied-inner|window-partial|tight-caps/.test(name),
);
/** Run in every way; an emulated GPU is slow, so the others only score. */
const WHOLLY = "qwen3 gqa";

test.describe("decoder families on WebGPU", () => {
  test.describe.configure({ mode: "serial", timeout: 300_000 });
  const out = mkdtempSync(join(tmpdir(), "families-page-"));
  let page: Page;

  test.beforeAll(async ({ browser, baseURL }) => {
    await build({ root: ROOT, base: "./", logLevel: "error", build: { outDir: out, target: "es2023" } });
    page = await browser.newPage();
    await page.route("**/families-page/**", (route) => {
      const path = new URL(route.request().url()).pathname.replace(/^.*\/families-page\//, "");
      return route.fulfill({ path: join(out, path) });
    });
    await page.goto(`${baseURL}/families-page/index.html`);
  });
  test.afterAll(async () => {
    await page.close();
    rmSync(out, { recursive: true, force: true });
  });

  for (const family of chosen) {
    test(`${family.name} gives transformers' logits`, async () => {
      const differences = await page.evaluate(
        ([one, quick]) =>
          (window as unknown as { check(c: unknown, quick: boolean): Promise<Differences> }).check(
            one,
            quick,
          ),
        [family, family.name !== WHOLLY] as const,
      );
      expect(Object.keys(differences).length).toBeGreaterThanOrEqual(2);
      for (const [way, worst] of Object.entries(differences)) expect(worst, way).toBeLessThan(BOUND);
      const worst = Math.max(...Object.values(differences)).toExponential(1);
      test.info().annotations.push({ type: "largest difference", description: worst });
    });
  }
});
