import type { Page } from "@playwright/test";
import { openBrowser, readProbe, waitForMark } from "./browser-session";
import { atMost, type BenchOptions, median, plain } from "./figure";
import { reportLongTasks } from "./long-tasks";
import type { PageProbe } from "./page-probe";
import type { Served } from "./served-build";

const LARGEST = 4;
/** The engine starts behind the first surface: what that does to the main thread is watched for as long. */
const WATCH_MS = 4_000;

interface Load {
  readonly surface: number;
  readonly painted: number;
  readonly probe: PageProbe;
  readonly javascript: readonly string[];
  readonly files: readonly string[];
}

/** Cold opens: each in a browser process of its own with an empty cache, as on a first visit, guided tour included. */
export async function benchFirstLoad(
  options: BenchOptions,
  served: Served,
  url: string,
  backend: string,
): Promise<void> {
  const { root, repeat, report, say } = options;
  const loads: Load[] = [];
  for (let i = 0; i < repeat; i++) {
    const { page, close } = await openBrowser(root, say);
    try {
      loads.push(await openOnce(page, served, url));
    } finally {
      await close();
    }
  }
  const prefix = `browser ${backend}/`;
  report({
    name: `${prefix}cold open → first surface in the store`,
    value: median(loads.map((l) => l.surface)) / 1000,
    unit: "s",
  });
  report({
    name: `${prefix}cold open → first surface painted`,
    value: median(loads.map((l) => l.painted)) / 1000,
    unit: "s",
    bar: atMost(2),
    note: `median of ${loads.length}; slowest ${plain(Math.max(...loads.map((l) => l.painted)) / 1000)} s; served from this machine`,
  });
  const { javascript, files } = loads[0]!;
  const sum = (names: readonly string[], kind: "raw" | "gzip") =>
    names.reduce((n, file) => n + (served.sizes(file)?.[kind] ?? 0), 0) / 1000;
  report({
    name: `${prefix}JavaScript before the engine`,
    value: sum(javascript, "gzip"),
    unit: "kB gzip",
    bar: atMost(300),
    note: "page and predictor, all files asked for before the engine's worker",
  });
  const largest = [...javascript].sort((a, b) => sum([b], "gzip") - sum([a], "gzip")).slice(0, LARGEST);
  say(`largest: ${largest.map((f) => `${f.split("/").at(-1)} ${plain(sum([f], "gzip"))} kB`).join(", ")}`);
  report({
    name: `${prefix}all files to the first surface`,
    value: sum(files, "gzip"),
    unit: "kB gzip",
    note: `${files.length} files, ${plain(sum(files, "raw"))} kB without compression, as the preview serves them`,
  });
  reportLongTasks(
    options,
    `${prefix}longest task, opening`,
    loads.map((l) => l.probe),
  );
}

async function openOnce(page: Page, served: Served, url: string): Promise<Load> {
  const first = served.requests.length;
  await page.goto(url, { waitUntil: "commit" });
  const surface = await waitForMark(page, "demix:surface", 0);
  await page.waitForFunction(() => window.demixProbe.surfacePainted !== null);
  const isolated = await page.evaluate(() => crossOriginIsolated);
  if (!isolated) throw new Error("The page is not cross-origin isolated.");
  await page.waitForTimeout(WATCH_MS);
  const probe = await readProbe(page);
  const painted = probe.surfacePainted!;
  const origin = await page.evaluate(() => performance.timeOrigin);
  const requests = served.requests.slice(first);
  const engine = requests.findIndex(({ file }) => /engine\.worker/.test(file));
  const before = engine < 0 ? requests : requests.slice(0, engine);
  const javascript = before.map((r) => r.file).filter((file) => file.endsWith(".js"));
  const files = requests.filter((r) => r.at <= origin + painted).map((r) => r.file);
  return { surface, painted, probe, javascript: [...new Set(javascript)], files: [...new Set(files)] };
}
