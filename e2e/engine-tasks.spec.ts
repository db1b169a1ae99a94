import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { build, type PreviewServer, preview } from "vite";
import type { TaskSpec } from "../src/core/scoring/task";
import type { TaskBundle } from "../src/protocol/task-protocol";
import type { EngineHandle } from "./pages/engine";

/**
 * Tasks that a page brings, through the engine's worker as it is built: their programs run in the page's sandbox, and one
 * item is shown and asked token by token.
 */
declare global {
  interface Window {
    handle: EngineHandle;
  }
}

let folder: string;
let served: PreviewServer;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  folder = await mkdtemp(join(tmpdir(), "engine-tasks-"));
  const rollupOptions = { input: "e2e/pages/engine.html" };
  await build({ logLevel: "error", build: { outDir: folder, rollupOptions } });
  served = await preview({ build: { outDir: folder }, preview: { port: 4394 }, logLevel: "error" });
});
test.afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

const spec = (id: string, more: Partial<TaskSpec>): TaskSpec => ({
  id,
  label: id,
  domain: "own",
  outputType: "generate_until",
  accuracyMetric: "pass@1",
  continuousMetric: "target_prob",
  about: "",
  itemsFile: `${id}.json`,
  itemsSha256: id.padEnd(64, "0"),
  items: 2,
  ...more,
});
/** Whatever is generated stands in a comment: the suffix alone decides. */
const program = (suffix: string) => ({
  context: "def one():",
  target: "\n    return 1",
  until: ["\n"],
  maxGenToks: 8,
  code: { prefix: "x = 1  #", suffix: `\n${suffix}\n` },
});
const OWN: TaskBundle = {
  spec: {
    format: "demix-tasks",
    version: 2,
    name: "Own tasks",
    domains: [{ id: "own", label: "Own" }],
    tasks: [
      spec("code", { metrics: [{ metric: "pass@1" }] }),
      spec("pick", { outputType: "multiple_choice", accuracyMetric: "acc", continuousMetric: "gold_prob" }),
    ],
  },
  items: [
    [program("assert x == 1"), program("assert x == 2")],
    [
      { context: "Two and two are", choices: [" four", " five"], gold: 0 },
      { context: "The sky is", choices: [" blue", " made of bread"], gold: 0 },
    ],
  ],
};

test("own tasks are scored, their programs run in the page, and an item is shown token by token", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.goto(`${served.resolvedUrls?.local[0]}e2e/pages/engine.html`);
  await page.waitForFunction(() => "handle" in window);
  const said = await page.evaluate(async (bundle) => {
    const { engine } = window.handle;
    const { signal } = new AbortController();
    const value = <T>(result: { ok: true; value: T } | { ok: false; problem: { message: string } }): T => {
      if (!result.ok) throw new Error(result.problem.message);
      return result.value;
    };
    value(await engine.start(signal, { backend: "wasm" }));
    value(await engine.openSet(signal, new URL("/zoo/demo/", location.href).href, () => undefined));
    const layout = value(await engine.setTasks(signal, bundle));
    const request = { subject: { kind: "base" as const }, details: true };
    const measured = value(await engine.measure(signal, request, () => undefined));
    const preview = value(await engine.previewItem(signal, 1, 0));
    const item = value(await engine.measureItem(signal, { subject: { kind: "base" }, task: 1, item: 0 }));
    const own = value(await engine.setTasks(signal, null));
    return {
      blocks: layout.tasks.map((t) => t.block),
      scores: [...measured.scores],
      details: measured.details?.length,
      tokens: preview.sequences.map((s) => s.tokens.map((t) => t.text).join("")),
      sums: item.sequences.map((s) => s.logProb.reduce((a, b) => a + b, 0)),
      own: own.tasks.length,
    };
  }, OWN);
  const [code, pick] = said.blocks;
  expect([0, 1].map((i) => said.scores[code!.offset + i * code!.width])).toEqual([1, 0]);
  expect(said.details).toBe(4);
  expect(said.tokens).toEqual(["Two and two are four", "Two and two are five"]);
  for (const [s, sum] of said.sums.entries())
    expect(Math.abs(sum - said.scores[pick!.offset + s]!)).toBeLessThan(1e-3);
  expect(said.own).toBe(8);
});
