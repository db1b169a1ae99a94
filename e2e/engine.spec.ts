import { expect, type Page, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import type { StartOptions } from "../src/protocol/engine-protocol";
import type { EngineHandle } from "./pages/engine";

/**
 * The engine in a real browser, by a page of its own on the development server: WASM and WebGPU give equal scores, and
 * a lost device or a dead worker loses nothing that was scored.
 */
declare global {
  interface Window {
    handle: EngineHandle;
  }
}

const SET = "/zoo/demo/";
/** One item of every task: an emulated GPU is slow. */
const GPU_ITEMS = 8;
let server: ViteDevServer;
let origin: string;

test.beforeAll(async () => {
  server = await createServer({ server: { port: 4390, hmr: false }, logLevel: "error" });
  await server.listen();
  origin = server.resolvedUrls?.local[0] ?? "http://localhost:4390/";
});
test.afterAll(() => server.close());

async function openEngine(page: Page, backend: StartOptions["backend"]) {
  await page.goto(`${origin}e2e/pages/engine.html`);
  await page.waitForFunction(() => "handle" in window);
  return page.evaluate(
    async ([kind, set]) => {
      const { engine } = window.handle;
      const { signal } = new AbortController();
      const started = await engine.start(signal, { backend: kind });
      if (!started.ok) throw new Error(started.problem.message);
      const opened = await engine.openSet(signal, new URL(set, location.href).href, () => undefined);
      if (!opened.ok) throw new Error(opened.problem.message);
      return { backend: opened.value.backend, isolated: crossOriginIsolated };
    },
    [backend, SET] as const,
  );
}

/** Item scores of the uniform mixture's first items; a missing score is null. */
const measure = (page: Page, limit: number) =>
  page.evaluate(async (most) => {
    const { engine } = window.handle;
    const subject = { kind: "mixture" as const, alpha: [0.2, 0.2, 0.2, 0.2, 0.2] };
    const outcome = await engine.measure(
      new AbortController().signal,
      { subject, limit: most },
      () => undefined,
    );
    if (!outcome.ok) throw new Error(`${outcome.problem.kind}: ${outcome.problem.message}`);
    const { scores, done, backend } = outcome.value;
    return { scores: Array.from(scores, (s) => (Number.isNaN(s) ? null : s)), done, backend };
  }, limit);

let onWasm: Awaited<ReturnType<typeof measure>>;

test("WASM scores with one thread and with threads alike", async ({ page }) => {
  await openEngine(page, "wasm");
  onWasm = await measure(page, 24);
  expect(onWasm.done).toBe(24);
  const { backend, isolated } = await openEngine(page, "wasm-threads");
  expect(isolated).toBe(true);
  expect(backend.threads).toBeGreaterThan(1);
  expectEqual((await measure(page, 24)).scores, onWasm.scores, 1e-4);
});

test("a dead worker is replaced, and the set is open again", async ({ page }) => {
  await openEngine(page, "wasm");
  const died = await page.evaluate(async () => {
    const { engine } = window.handle;
    const subject = { kind: "base" as const };
    const pending = engine.measure(new AbortController().signal, { subject }, () => undefined);
    setTimeout(() => engine.breakForTest("die"), 200);
    const outcome = await pending;
    return outcome.ok ? "" : outcome.problem.kind;
  });
  expect(died).toBe("worker-died");
  const after = await measure(page, 24);
  expectEqual(after.scores, onWasm.scores, 1e-5);
  expect(await page.evaluate(() => window.handle.restarts.length)).toBe(1);
});

test("WebGPU scores as WASM does, and a lost device does not end a measurement", async ({ page }) => {
  test.setTimeout(600_000);
  await openEngine(page, "wasm");
  const expected = await measure(page, GPU_ITEMS);
  const { backend } = await openEngine(page, "webgpu");
  test.skip(backend.kind !== "webgpu", `no WebGPU here: ${backend.reason}`);
  expect(backend.selfTests[0]?.passed).toBe(true);
  const onGpu = await measure(page, GPU_ITEMS);
  expect(onGpu.backend).toBe("webgpu");
  expectEqual(onGpu.scores, expected.scores, 1e-3);
  const lost = page.evaluate(() => {
    setTimeout(() => window.handle.engine.breakForTest("lose-device"), 50);
  });
  const after = await measure(page, GPU_ITEMS);
  await lost;
  expect(after.done).toBe(GPU_ITEMS);
  expectEqual(after.scores, expected.scores, 1e-3);
  expect(await page.evaluate(() => window.handle.restarts[0])).toContain("device was lost");
});

function expectEqual(a: readonly (number | null)[], b: readonly (number | null)[], tolerance: number): void {
  expect(a.length).toBe(b.length);
  for (const [i, value] of a.entries()) {
    if (value === null || b[i] === null) expect(value).toBe(b[i]);
    else expect(Math.abs(value - b[i]!)).toBeLessThan(tolerance);
  }
}
