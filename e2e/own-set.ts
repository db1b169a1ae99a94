import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";
import { CORS, MisbehavingServer } from "../src/runtime/sources/misbehaving-server.fixture";
import { SET_FOLDER } from "./demo-files";
import { ENGINE_MS } from "./workbench";

/** Files of a checkpoint of the demo set. */
export const MODEL_FILES = [
  "config.json",
  "generation_config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
];

/** Copies members of the demo set into a folder, as somebody's own checkpoints. */
export async function copyMembers(
  folder: string,
  members: readonly string[],
  files: readonly string[] = MODEL_FILES,
): Promise<string> {
  for (const member of members) {
    await mkdir(join(folder, member), { recursive: true });
    for (const file of files) await cp(join(SET_FOLDER, member, file), join(folder, member, file));
  }
  return folder;
}

/** The demo set's members on another server, that lets other sites read them. */
export async function serveMembers(members: readonly string[]): Promise<MisbehavingServer> {
  const server = await MisbehavingServer.start();
  server.headers = { ...CORS };
  for (const member of members)
    for (const file of MODEL_FILES) {
      const bytes = await readFile(join(SET_FOLDER, member, file));
      server.files.set(`/runs/${member}/${file}`, { bytes, etag: `"${member} ${file}"` });
    }
  return server;
}

export const openDialog = (page: Page): Locator => page.getByRole("dialog", { name: "Open a set" });

/** As in a browser that keeps no folders open. */
export const withoutPicker = (page: Page): Promise<unknown> =>
  page.addInitScript(() => Object.assign(window, { showDirectoryPicker: undefined }));

/** Opens the dialog by its key. */
export async function showDialog(page: Page): Promise<Locator> {
  await page.keyboard.press("o");
  await expect(openDialog(page)).toBeVisible();
  return openDialog(page);
}

export const chooseFolder = (page: Page, folder: string): Promise<void> =>
  openDialog(page).getByLabel("Folder of checkpoints").setInputFiles(folder);

/** Waits until the headers of all found checkpoints were read. */
export async function headersRead(page: Page, count: number): Promise<void> {
  const rows = openDialog(page).getByRole("checkbox", { name: /: in the set$/ });
  await expect(rows).toHaveCount(count);
  await expect(openDialog(page).getByText("reading …")).toHaveCount(0, { timeout: ENGINE_MS });
}

/** Opens the composed set, and waits until it is open and checked. */
export async function openComposed(page: Page, name: string): Promise<void> {
  const dialog = openDialog(page);
  await dialog.getByLabel("name", { exact: true }).fill(name);
  await dialog.getByRole("button", { name: "Open the set", exact: true }).click();
  await expect(dialog).toHaveCount(0, { timeout: ENGINE_MS });
  await setIsOpen(page, name);
}

/** The set is open, and its weights were read. */
export async function setIsOpen(page: Page, name: string): Promise<void> {
  await expect(page.getByTestId("set-chip")).toContainText(name, { timeout: ENGINE_MS });
  await expect(page.getByTestId("set-chip")).toContainText(/δ ≤ \d+\.\d %/, { timeout: ENGINE_MS });
}

/** Drops folders and files of this machine on the middle of the window, as a file manager does. */
export async function drop(page: Page, paths: readonly string[], at = { x: 640, y: 400 }): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
}

export async function writeText(folder: string, name: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
