import { openLargePage } from "./large-page";

/**
 * Scores a linear merge of seven random components of Qwen3-0.6B's shape on 32 short items, layer by layer, in headless Chromium;
 * prints seconds, and the largest resident set of a renderer process. `npx vite build && npx tsx bench/large-score.ts [backend]`;
 * takes 10 GB of disk.
 */
async function main(backend: string): Promise<void> {
  const { page, lap, close } = await openLargePage({
    tasks: true,
    address: `/?backend=${backend}#/explore`,
    port: 4392,
  });
  await page.getByRole("link", { name: "Explore", exact: true }).click();
  const scores = page.getByRole("region", { name: "Scores", exact: true });
  await scores.getByRole("button", { name: "Measure", exact: true }).click();
  const measuring = page.getByTestId("measuring");
  await measuring.filter({ hasText: /[1-9]\d* \/ \d+/ }).waitFor({ timeout: 600_000 });
  lap("first items scored");
  await scores.filter({ hasText: "measured · 32 items" }).waitFor({ timeout: 1_200_000 });
  lap("all items scored");
  console.log((await scores.textContent())?.slice(0, 300));
  await close();
}

void main(process.argv[2] ?? "wasm-threads");
