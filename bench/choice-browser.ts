import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, preview } from "vite";
import { openBrowser } from "./browser-session";
import type { ChoiceFile, ChoiceTimes } from "./choice-measure";

const PORT = 5332;

/** Measures choice tasks in a worker of headless Chromium, with WASM and two threads. */
export interface ChoiceBrowser {
  measure(name: string): Promise<ChoiceTimes>;
  close(): Promise<void>;
}

export async function choiceBrowser(
  root: string,
  base: string,
  sets: ChoiceFile,
  say: (line: string) => void,
): Promise<ChoiceBrowser> {
  const work = join(root, ".work", "bench", "choices");
  const [files, outDir] = [join(work, "files"), join(work, "dist")];
  rmSync(work, { recursive: true, force: true });
  mkdirSync(files, { recursive: true });
  cpSync(base, join(files, "base"), { recursive: true });
  writeFileSync(join(files, "items.json"), JSON.stringify(sets));
  const common = {
    root: join(root, "bench", "choice-page"),
    configFile: join(root, "vite.config.ts"),
    publicDir: files,
    logLevel: "error" as const,
  };
  await build({ ...common, build: { outDir, emptyOutDir: true } });
  const server = await preview({
    ...common,
    build: { outDir },
    preview: { port: PORT, strictPort: true, host: "localhost" },
  });
  const browser = await openBrowser(root, say).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  await browser.page.goto(`http://localhost:${PORT}/`);
  return {
    measure: (name) => browser.page.evaluate((task) => window.measureChoices(task), name),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
