import { openLargePage } from "./large-page";

/**
 * Opens seven random components of Qwen3-0.6B's shape and their base in headless Chromium, checks their health, merges them
 * and writes the model to the browser's storage; prints seconds, and the largest resident set of a renderer process.
 * `npx vite build && npx tsx bench/large-tab.ts`; takes 12 GB of disk.
 */
async function main(): Promise<void> {
  const { page, lap, close } = await openLargePage({
    address: "/?backend=wasm#/explore",
    port: 4391,
    // Without it the page offers the browser's own storage.
    prepare: () => Object.assign(window, { showDirectoryPicker: undefined }),
  });
  await page.getByRole("link", { name: "Recipe", exact: true }).click();
  await page.getByRole("button", { name: "Write for download" }).click();
  await page.getByTestId("merged-files").waitFor({ timeout: 300_000 });
  lap("merged and written");
  console.log(await page.getByTestId("merged-files").locator("p").textContent());
  await close();
}

void main();
