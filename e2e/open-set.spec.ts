import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { parseSetSpec } from "../src/core/checkpoint/set-spec";
import { silence } from "../src/runtime/sources/misbehaving-server.fixture";
import { otherConfig } from "./damaged-files";
import { setFile, spec } from "./demo-files";
import {
  chooseFolder,
  copyMembers,
  drop,
  headersRead,
  openComposed,
  openDialog,
  serveMembers,
  setIsOpen,
  showDialog,
  withoutPicker,
  writeText,
} from "./own-set";
import {
  ENGINE_MS,
  engineReady,
  goTo,
  journalCount,
  measuringSome,
  openWorkbench,
  scoresPanel,
  visit,
} from "./workbench";

test.describe.configure({ timeout: 300_000 });

const MEMBERS = ["base", "general", "code_high", "math_high"];

/** A set file as the page saves it. */
async function savedSetFile(page: Page, path: string) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save set file" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("demix-set.json");
  await download.saveAs(path);
  const text = await readFile(path, "utf8");
  const read = parseSetSpec(text, path);
  if (!read.ok) throw new Error(read.problem.message);
  return { text, spec: read.value };
}

test("folders are composed to a set, which is judged, measured, left and opened again with its measurements", async ({
  page,
}, info) => {
  const folder = await copyMembers(info.outputPath("runs"), MEMBERS);
  await withoutPicker(page);
  await openWorkbench(page, { backend: "wasm" });
  await engineReady(page);
  const shipped = await journalCount(page);
  const dialog = await showDialog(page);
  await chooseFolder(page, folder);
  await headersRead(page, 4);
  await expect(dialog.getByLabel("runs/base: base")).toBeChecked();
  await expect(dialog.getByLabel("runs/general: general")).toBeChecked();
  await dialog.getByLabel("runs/code_high: label").fill("Good code");
  await dialog.getByLabel("runs/code_high: trained on").fill("Python from the standard library");
  await dialog.getByLabel("runs/code_high: β").fill("0.5");
  await dialog.getByLabel("runs/code_high: token supply").fill("1.5 M");
  await dialog.getByLabel("runs/math_high: β").fill("two");
  await expect(dialog).toContainText('β of "math_high" is two. Give a share from 0 to 1, or leave it empty.');
  await expect(dialog.getByRole("button", { name: "Open the set", exact: true })).toBeDisabled();
  await dialog.getByLabel("runs/math_high: β").fill("");
  await openComposed(page, "Mine");

  await expect(page.getByRole("heading", { name: /Mine: may I trust merging here/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Verdict" })).toContainText(/Largest update δ = \d\.\d %/);
  await expect(page.getByTestId("page")).toContainText('The general share β of "math_high" is not known');
  await expect(page.getByRole("row", { name: /Good code/ }).first()).toContainText(
    "Python from the standard library",
  );
  const saved = await savedSetFile(page, info.outputPath("demix-set.json"));
  expect(saved.spec.components.map((c) => [c.label, c.source, c.beta, c.supplyTokens])).toEqual([
    ["Good code", "local:runs/code_high", 0.5, 1_500_000],
    ["general", "local:runs/general", null, null],
    ["math_high", "local:runs/math_high", null, null],
  ]);
  expect(saved.text).not.toMatch(/token"|handle|safetensors/i);

  await goTo(page, "Explore");
  await measuringSome(page);
  await scoresPanel(page).getByRole("button", { name: "Cancel" }).click();
  await expect.poll(() => journalCount(page)).toBe(1);

  await page.keyboard.press("o");
  await openDialog(page).getByRole("button", { name: "Open the demo set" }).click();
  await setIsOpen(page, spec.name);
  await expect.poll(() => journalCount(page)).toBe(shipped);
  await expect(page.getByTestId("measuring")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();

  // The set file alone: it names folders, which are chosen by the one that holds them.
  await showDialog(page);
  await openDialog(page)
    .getByLabel("Files of a checkpoint, or a set file")
    .setInputFiles(info.outputPath("demix-set.json"));
  await expect(openDialog(page)).toContainText("Mine: where are its folders?");
  await expect(openDialog(page).getByRole("button", { name: "Choose runs/code_high" })).toBeVisible();
  await openDialog(page).getByLabel("Folder of the set's checkpoints").setInputFiles(folder);
  await setIsOpen(page, "Mine");
  await goTo(page, "Explore");
  await expect.poll(() => journalCount(page)).toBe(1);
  await expect(scoresPanel(page)).toContainText(/[1-9]\d* of 1,278 items|measuring/);

  await page.reload();
  await expect(page.getByRole("alert")).toContainText("“Mine” was open");
  await page.getByRole("button", { name: "Choose its folders" }).click();
  await openDialog(page).getByLabel("Folder of the set's checkpoints").setInputFiles(folder);
  await setIsOpen(page, "Mine");
});

test("a dropped folder with a set file opens at once, with its references and measurements", async ({
  page,
}, info) => {
  const folder = await copyMembers(info.outputPath("demo"), ["base", ...spec.components.map((c) => c.id)]);
  for (const name of [
    "demix-set.json",
    "design.json",
    "design.f32",
    "references.json",
    "references.f32",
    "tasks.json",
  ])
    await writeFile(join(folder, name), setFile(name));
  const itemNames = (JSON.parse(setFile("tasks.json").toString()) as { tasks: { itemsFile: string }[] })
    .tasks;
  for (const { itemsFile } of itemNames)
    await writeText(
      join(folder, itemsFile, ".."),
      itemsFile.split("/").at(-1)!,
      setFile(itemsFile).toString(),
    );
  await openWorkbench(page, { backend: "wasm", page: "learn" });
  await engineReady(page);
  const shipped = await journalCount(page);
  await drop(page, [folder]);
  await expect(page.getByRole("heading", { name: /may I trust merging here/ })).toBeVisible({
    timeout: ENGINE_MS,
  });
  await setIsOpen(page, spec.name);
  await expect.poll(() => journalCount(page)).toBe(shipped);
  await visit(page, "Ranks");
  await expect(page.getByTestId("page")).toContainText(/ρ/);
});

test("checkpoints on another server are composed, kept over a reload, and opened by the address of a set file", async ({
  page,
}, info) => {
  const server = await serveMembers(MEMBERS);
  try {
    await openWorkbench(page, { backend: "wasm" });
    await engineReady(page);
    const dialog = await showDialog(page);
    const addresses = dialog.getByLabel("Addresses and Hugging Face repositories, one a line");
    await addresses.fill(MEMBERS.map((m) => `${server.url}/runs/${m}`).join("\n"));
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await headersRead(page, 4);
    await openComposed(page, "Far away");
    const members = page.getByRole("region", { name: "Where they lie" });
    await expect(members).toContainText(`${server.url}/runs/code_high/`);
    await expect(members).toContainText("web server");
    const saved = await savedSetFile(page, info.outputPath("demix-set.json"));

    // What was downloaded is kept, shown, and dropped when no open set needs it.
    const kept = page.getByRole("region", { name: "Downloaded weights kept in this browser" });
    await expect(kept).toContainText(`${server.url}/runs/code_high/`);
    await expect(kept.getByRole("button", { name: `Drop ${server.url}/runs/code_high/` })).toBeDisabled();
    await kept.getByLabel("Budget for kept weights, GB").fill("1.5");
    await page.keyboard.press("Enter");
    await expect(kept).toContainText("of 1.5 GB allowed");

    server.forget();
    await page.reload();
    await setIsOpen(page, "Far away");
    expect(server.sent, "weights come from the cache").toBeLessThan(500_000);
    await expect(kept).toContainText("of 1.5 GB allowed");
    await page.keyboard.press("o");
    await openDialog(page).getByRole("button", { name: "Open the demo set" }).click();
    await setIsOpen(page, spec.name);
    await kept.getByRole("button", { name: `Drop ${server.url}/runs/code_high/` }).click();
    await expect(kept.getByRole("button", { name: `Drop ${server.url}/runs/code_high/` })).toHaveCount(0);
    await page.keyboard.press("o");
    await openDialog(page).getByRole("button", { name: "Open Far away" }).click();
    await setIsOpen(page, "Far away");

    server.files.set("/sets/demix-set.json", { bytes: Buffer.from(saved.text) });
    const fresh = await page.context().browser()!.newContext();
    const other = await fresh.newPage();
    await other.goto(`/?backend=wasm&set=${encodeURIComponent(`${server.url}/sets/demix-set.json`)}#/set`);
    await setIsOpen(other, "Far away");
    expect(other.url()).toContain("set=");
    await fresh.close();
  } finally {
    await server.close();
  }
});

test("folders that the browser keeps open come back by themselves after a reload", async ({ page }) => {
  // A real handle, of the browser's own storage: nobody has to be asked for it.
  await page.addInitScript(() => {
    Object.assign(window, {
      showDirectoryPicker: async () => (await navigator.storage.getDirectory()).getDirectoryHandle("picked"),
    });
  });
  await openWorkbench(page, { backend: "wasm" });
  await page.evaluate(
    async ([members, files]) => {
      const root = await navigator.storage.getDirectory();
      const picked = await root.getDirectoryHandle("picked", { create: true });
      for (const member of members) {
        const folder = await picked.getDirectoryHandle(member, { create: true });
        for (const file of files) {
          const bytes = await (await fetch(`zoo/demo/${member}/${file}`)).arrayBuffer();
          const writer = await (await folder.getFileHandle(file, { create: true })).createWritable();
          await writer.write(bytes);
          await writer.close();
        }
      }
    },
    [MEMBERS, ["config.json", "model.safetensors", "tokenizer.json"]] as const,
  );
  await showDialog(page);
  await openDialog(page).getByRole("button", { name: "Choose a folder" }).click();
  await headersRead(page, 4);
  await openComposed(page, "Kept");
  await page.reload();
  await setIsOpen(page, "Kept");
  await showDialog(page);
  await expect(openDialog(page)).toContainText("3 components · open now");
  await openDialog(page).getByRole("button", { name: "Forget Kept" }).click();
  await expect(openDialog(page).getByRole("button", { name: "Open Kept" })).toHaveCount(0);
});

test("what cannot be opened is refused where it stands, in words, and the open set stays", async ({
  page,
}, info) => {
  const folder = await copyMembers(info.outputPath("runs"), ["base", "general", "code_high", "math_low"]);
  await truncate(join(folder, "code_high/model.safetensors"), 100_000);
  await writeText(
    join(folder, "math_low"),
    "config.json",
    otherConfig("math_low", { num_attention_heads: 2 }),
  );
  await writeText(join(info.outputPath("old"), "gguf"), "model.gguf", "GGUF");
  await withoutPicker(page);
  await openWorkbench(page, { backend: "wasm" });
  await engineReady(page);
  const dialog = await showDialog(page);
  const alerts = dialog.getByRole("alert");
  await chooseFolder(page, folder);
  await headersRead(page, 4);
  const row = dialog.getByRole("alert").filter({ hasText: "runs/code_high/model.safetensors" });
  await expect(row).toContainText(/cut off.*download or export it again/);
  await expect(dialog).toContainText('"runs/code_high" cannot be opened. Leave it out');
  await dialog.getByLabel("runs/code_high: in the set").uncheck();

  await dialog.getByRole("button", { name: "Open the set", exact: true }).click();
  const misfit = alerts.filter({ hasText: "runs/math_low/config.json" });
  await expect(misfit).toContainText(/math_low" cannot be merged: .*num_attention_heads/, {
    timeout: ENGINE_MS,
  });
  await expect(misfit).toContainText(/trained from this base/);
  await expect(page.getByTestId("set-chip")).toContainText(spec.name);

  await chooseFolder(page, info.outputPath("old"));
  await expect(alerts.last()).toContainText("holds no checkpoint");
  const addresses = dialog.getByLabel("Addresses and Hugging Face repositories, one a line");
  await addresses.fill("not an address");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(alerts.last()).toContainText(
    /not an address: is neither an address nor a Hugging Face repository/,
  );
  await dialog.getByLabel("Files of a checkpoint, or a set file").setInputFiles({
    name: "demix-set.json",
    mimeType: "application/json",
    buffer: Buffer.from('{"format":'),
  });
  await expect(alerts.last()).toContainText("demix-set.json");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByTestId("set-chip")).toContainText(spec.name);
});

test("a set without a tokenizer is judged and merged, and says why it is not scored", async ({
  page,
}, info) => {
  const members = ["base", "general", "code_high"];
  const folder = await copyMembers(info.outputPath("runs"), members, ["config.json", "model.safetensors"]);
  await withoutPicker(page);
  await openWorkbench(page, { backend: "wasm" });
  await engineReady(page);
  await showDialog(page);
  await chooseFolder(page, folder);
  await headersRead(page, 3);
  await openComposed(page, "Wordless");
  const main = page.getByTestId("page");
  await expect(page.getByRole("region", { name: "Scoring" })).toContainText(
    /Not scored here\. .*tokenizer\.json/,
  );
  await expect(page.getByRole("region", { name: "Journal" })).toHaveCount(0);
  for (const name of ["Explore", "Search", "Ranks"]) {
    await visit(page, name);
    await expect(main).toContainText("Wordless is not scored here");
    await expect(main).toContainText(/tokenizer\.json/);
  }
  await main.getByRole("button", { name: "Merge and write it out" }).click();
  await expect(main).toContainText("The merge is not scored here");
  await main.getByRole("button", { name: "Write for download" }).click();
  await expect(page.getByTestId("merged-files")).toContainText("model.safetensors", { timeout: ENGINE_MS });
});

test("opening shows how far it is, and Cancel leaves the open set as it was", async ({ page }) => {
  const server = await serveMembers(["base", "general", "code_high"]);
  try {
    await openWorkbench(page, { backend: "wasm" });
    await engineReady(page);
    const dialog = await showDialog(page);
    await dialog
      .getByLabel("Addresses and Hugging Face repositories, one a line")
      .fill(["base", "general", "code_high"].map((m) => `${server.url}/runs/${m}/`).join("\n"));
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await headersRead(page, 3);
    // The tokenizers are read again when the set is opened, one of them for ever.
    server.from("/runs/general/model.safetensors", silence);
    server.from("/runs/general/tokenizer.json", silence);
    server.from("/runs/general/config.json", silence);
    await dialog.getByRole("button", { name: "Open the set", exact: true }).click();
    await expect(dialog.getByTestId("progress")).toContainText(/Opening My set/);
    await expect(dialog.getByTestId("progress")).toContainText(/2 of 3 checkpoints/);
    await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
    await expect(dialog.getByTestId("progress")).toHaveCount(0);
    await expect(dialog.getByRole("alert")).toHaveCount(0);
    await expect(page.getByTestId("set-chip")).toContainText(spec.name);
    for (const file of ["model.safetensors", "tokenizer.json", "config.json"])
      server.from(`/runs/general/${file}`, null);
    await openComposed(page, "After all");
  } finally {
    await server.close();
  }
});
