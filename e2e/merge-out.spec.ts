import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { weightsOf } from "./damaged-files";
import { SET_FOLDER } from "./demo-files";
import {
  chooseFolder,
  copyMembers,
  headersRead,
  openComposed,
  openDialog,
  showDialog,
  withoutPicker,
} from "./own-set";
import { downloadRecipe, recipePage } from "./recipe-file";
import { ENGINE_MS, engineReady, goTo, openWorkbench, typeShare } from "./workbench";

test.describe.configure({ timeout: 300_000 });

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const merged = (page: Page) => recipePage(page).getByRole("region", { name: "Merged model" });
const files = (page: Page) => page.getByTestId("merged-files");
const stored = (page: Page) => merged(page).getByRole("region", { name: /^Stored model/ });

/** SHA-256 of the files that the page names, by name. */
async function namedHashes(page: Page): Promise<Record<string, string>> {
  const rows = files(page).locator("tbody tr");
  const named = await rows.evaluateAll((all) =>
    all.map((row) => [row.querySelector("th")!.textContent!, row.querySelector("code")!.title] as const),
  );
  return Object.fromEntries(named);
}

async function download(page: Page, name: string, path: string): Promise<Uint8Array> {
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    stored(page).getByRole("button", { name, exact: true }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe(name);
  await saved.saveAs(path);
  return readFile(path);
}

async function writeForDownload(page: Page): Promise<void> {
  await merged(page).getByRole("button", { name: "Write for download" }).click();
  await expect(files(page)).toBeVisible({ timeout: ENGINE_MS });
}

/** The command line merges the same recipe. */
const replay = (...args: string[]): Promise<{ status: number; output: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      "npm",
      ["run", "--silent", "replay", "--", ...args],
      { cwd: ROOT },
      (_e, out, err) => resolve({ status: child.exitCode ?? -1, output: out + err }),
    );
  });

test("a merged model is written, downloaded with the hashes of its recipe, opened again as a component, and deleted", async ({
  page,
}, info) => {
  await withoutPicker(page);
  await openWorkbench(page, { backend: "wasm" });
  await engineReady(page);
  await typeShare(page, 3, "60");
  await goTo(page, "Recipe");
  await recipePage(page).getByLabel("Name of the recipe").fill("Sixty math");
  await expect(merged(page).getByRole("button", { name: "Write to a folder" })).toHaveCount(0);
  await writeForDownload(page);
  await expect(files(page)).toContainText(/7 files, 1\.\d+ MB, written to sixty-math-\d{8}-\d{6}/);
  const hashes = await namedHashes(page);
  expect(Object.keys(hashes)).toEqual([
    "model.safetensors",
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "README.md",
    "recipe.demix.json",
  ]);
  for (const name of ["model.safetensors", "config.json", "recipe.demix.json"])
    expect(hashOf(await download(page, name, info.outputPath(name))), name).toBe(hashes[name]);
  const card = new TextDecoder().decode(await download(page, "README.md", info.outputPath("README.md")));
  expect(card).toContain("Sixty math");
  expect(JSON.parse(await readFile(info.outputPath("config.json"), "utf8")).torch_dtype).toBe("bfloat16");

  const recipe = await downloadRecipe(page, info.outputPath("recipe.json"));
  expect(recipe.merged).toMatchObject({
    dtype: "BF16",
    mergekit: false,
    files: [{ path: "model.safetensors", sha256: hashes["model.safetensors"] }],
  });
  // The same bytes come out of the command line, which refuses other hashes.
  const again = await replay(
    info.outputPath("recipe.json"),
    "--set",
    SET_FOLDER,
    "--merged",
    info.outputPath("merged"),
  );
  expect(again.status, again.output).toBe(0);
  expect(hashOf(await readFile(info.outputPath("merged/model.safetensors")))).toBe(
    hashes["model.safetensors"],
  );

  // What was written belongs to this merge alone.
  await goTo(page, "Explore");
  await page.getByRole("button", { name: "Uniform", exact: true }).click();
  await goTo(page, "Recipe");
  await expect(files(page)).toContainText("The page shows another merge now");
  expect((await downloadRecipe(page, info.outputPath("other.json"))).merged).toBeUndefined();

  const folder = await copyMembers(info.outputPath("runs"), ["base", "general"]);
  await showDialog(page);
  await chooseFolder(page, folder);
  await openDialog(page)
    .getByRole("button", { name: /^sixty-math-/ })
    .click();
  await headersRead(page, 3);
  await openComposed(page, "With a merged one");
  await expect(page.getByRole("region", { name: "Where they lie" })).toContainText("sixty-math-");
  await expect(page.getByTestId("page")).toContainText("The checkpoints hold F16 and BF16");

  await goTo(page, "Recipe");
  await stored(page).getByRole("button", { name: "Delete" }).click();
  await expect(stored(page)).toHaveCount(0);
  const left = await page.evaluate(async () => {
    const merged = await (await navigator.storage.getDirectory()).getDirectoryHandle("merged");
    const names: string[] = [];
    for await (const name of (merged as unknown as { keys(): AsyncIterable<string> }).keys())
      names.push(name);
    return names;
  });
  expect(left).toEqual([]);
});

test("a merge is written into a chosen folder, in the chosen type, and refused where other weights lie", async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle("chosen", { create: true }),
    });
  });
  await openWorkbench(page, { backend: "wasm" });
  await engineReady(page);
  // One component alone: its own weights must come out.
  await typeShare(page, 1, "100");
  await goTo(page, "Recipe");
  await merged(page).getByText("F16", { exact: true }).click();
  await merged(page).getByRole("button", { name: "Write to a folder" }).click();
  await expect(files(page)).toContainText("written to chosen", { timeout: ENGINE_MS });
  const read = (name: string) =>
    page.evaluate(async (file) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("chosen");
      const bytes = await (await (await folder.getFileHandle(file)).getFile()).arrayBuffer();
      return Array.from(new Uint8Array(bytes));
    }, name);
  const own = weightsOf("code_high");
  const header = Number(own.readBigUInt64LE(0));
  const written = Buffer.from(await read("model.safetensors"));
  const writtenHeader = Number(written.readBigUInt64LE(0));
  expect(hashOf(written.subarray(8 + writtenHeader))).toBe(hashOf(own.subarray(8 + header)));
  expect(JSON.parse(Buffer.from(await read("config.json")).toString()).torch_dtype).toBe("float16");

  await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("chosen");
    const file = await folder.getFileHandle("model-00001-of-00009.safetensors", { create: true });
    const writer = await file.createWritable();
    await writer.write("x");
    await writer.close();
  });
  await merged(page).getByRole("button", { name: "Write to a folder" }).click();
  await expect(merged(page).getByRole("alert")).toContainText(
    /already holds model-00001-of-00009\.safetensors.*Choose an empty folder/,
  );
});

test("a method without weights is chosen for the written model alone", async ({ page }) => {
  await withoutPicker(page);
  await openWorkbench(page, { backend: "wasm", page: "recipe" });
  await engineReady(page);
  const section = recipePage(page).getByRole("region", { name: "Merge method" });
  await section.getByLabel("Merge method", { exact: true }).selectOption("model_stock");
  await expect(section).toContainText("This method takes no weights");
  await expect(recipePage(page)).toContainText("The merge is not scored here");
  await merged(page).getByLabel("mergekit-compatible").check();
  await expect(merged(page)).toContainText("every operation are rounded to BF16");
  await writeForDownload(page);
  await expect(files(page)).toContainText("BF16, mergekit-compatible");
  await expect(page.getByRole("region", { name: "Mixture", exact: true })).toContainText("method Linear");
  await goTo(page, "Explore");
  await expect(page.getByTestId("page")).toContainText("Merge methodLinear");
});
