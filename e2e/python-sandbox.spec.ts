import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, type Request, test } from "@playwright/test";
import { build, type PreviewServer, preview } from "vite";
import type { CodeJob, CodeVerdict } from "../src/core/scoring/run-code";
import type { PythonHandle } from "./pages/python";
import {
  escapes,
  floodFromWorker,
  forgeFromWorker,
  forgeries,
  reachFromWorker,
  tryAll,
} from "./python-escapes";

/**
 * The Python sandbox as it is built and served, under the page's own cross-origin isolation: verdicts, limits, and
 * programs that try to get out. A server of the test's own counts what reaches it: nothing may.
 */
declare global {
  interface Window {
    python: PythonHandle;
  }
}

const MB = 1 << 20;
const interfered: CodeVerdict = { kind: "crashed", error: "the program interfered with the interpreter" };
let folder: string;
let served: PreviewServer;
let counter: Server;
let net: string;
let hits = 0;

/** One page, and so one start of the sandbox, for what changes nothing in it. */
let page: Page;

test.beforeAll(async ({ browser }) => {
  folder = await mkdtemp(join(tmpdir(), "python-sandbox-"));
  const rollupOptions = { input: "e2e/pages/python.html" };
  await build({ publicDir: false, logLevel: "error", build: { outDir: folder, rollupOptions } });
  served = await preview({ build: { outDir: folder }, preview: { port: 4392 }, logLevel: "error" });
  counter = createHttpServer((_, response) => {
    hits += 1;
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    response.setHeader("Content-Type", "text/javascript");
    response.end("0");
  });
  await new Promise<void>((resolve) => counter.listen(0, "127.0.0.1", resolve));
  net = `http://127.0.0.1:${(counter.address() as AddressInfo).port}/`;
  page = await browser.newPage();
  await openPage(page);
});
test.afterAll(async () => {
  await page.close();
  await served.close();
  counter.close();
  await rm(folder, { recursive: true });
});

/** Opens the page; `worker`, where given, is served in place of the sandbox's worker. */
async function openPage(page: Page, worker = ""): Promise<void> {
  if (worker) {
    await page.route(/assets\/worker-[^/]*\.js$/, (route) =>
      route.fulfill({ contentType: "text/javascript", body: `export default ${JSON.stringify(worker)}` }),
    );
  }
  await page.goto(`${served.resolvedUrls?.local[0]}e2e/pages/python.html`);
  await page.waitForFunction(() => "python" in window);
}

const runAll = (page: Page, programs: readonly string[], limits: Partial<CodeJob> = {}) =>
  page.evaluate(
    ([texts, given]) =>
      Promise.all(
        texts.map((program) =>
          window.python.runner.run({ program, timeLimit: 10, memoryLimit: 256 << 20, ...given }),
        ),
      ),
    [programs, limits] as const,
  );
const run = async (page: Page, program: string, limits: Partial<CodeJob> = {}) =>
  (await runAll(page, [program], limits))[0];
/** The longest time in ms for which the page did nothing, so far. */
const longestPause = (page: Page) =>
  page.evaluate(() => Math.max(...window.python.beats.slice(1).map((t, i) => t - window.python.beats[i]!)));

test("verdicts are those of the program, and of it alone", async () => {
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const cases: [string, CodeVerdict][] = [
    ["def f(x):\n    return x + 1\n\nassert f(1) == 2", { kind: "passed" }],
    ["import builtins\nbuiltins.len = lambda x: 0\nbuiltins.sum = None", { kind: "passed" }],
    ["assert len([1]) == 1 and sum([1, 2]) == 3", { kind: "passed" }],
    ["if __name__ == '__main__':\n    raise ValueError", { kind: "passed" }],
    ["print('x' * 10**6)\nimport time\ntime.sleep(0.05)", { kind: "passed" }],
    ["assert 1 == 2", { kind: "failed", error: "AssertionError: " }],
    ["1 / 0", { kind: "failed", error: "ZeroDivisionError: division by zero" }],
    ["x = (", { kind: "failed", error: "SyntaxError: '(' was never closed (<program>, line 1)" }],
    ["def f(): f()\nf()", { kind: "failed", error: "RecursionError: maximum recursion depth exceeded" }],
    ["x = [0] * 10**9", { kind: "memory" }],
    ["x = bytearray(200 << 20)\ny = bytearray(100 << 20)", { kind: "memory" }],
    ["l = []\nwhile True: l.append('x' * 10**5 + str(len(l)))", { kind: "memory" }],
  ];
  const verdicts = await runAll(
    page,
    cases.map(([program]) => program),
  );
  expect(verdicts).toEqual(cases.map(([, verdict]) => verdict));
  const deep = await run(page, "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()");
  expect(["failed", "crashed", "memory"]).toContain(deep?.kind);
  expect(await run(page, "x = bytearray(40 << 20)", { memoryLimit: 64 * MB })).toEqual({ kind: "memory" });
});

test("what runs on is ended at its limit or when cancelled, and the page stays awake", async () => {
  expect(await run(page, "pass")).toEqual({ kind: "passed" });
  await page.evaluate(() => window.python.beats.splice(0));
  const endless = [
    "while True: pass",
    "while True: print('x' * 10**6)",
    "try:\n  while True: pass\nexcept: pass",
  ];
  const started = Date.now();
  expect(await runAll(page, endless, { timeLimit: 1 })).toEqual(endless.map(() => ({ kind: "timeout" })));
  expect(Date.now() - started).toBeLessThan(20_000);
  expect(await longestPause(page)).toBeLessThan(1_500);
  const cancelled = await page.evaluate(async () => {
    const { createPythonRunner, runner } = window.python;
    const job = { program: "while True: pass", timeLimit: 60, memoryLimit: 256 << 20 };
    const controller = new AbortController();
    const jobs = [1, 2, 3].map(() => runner.run(job, controller.signal));
    setTimeout(() => controller.abort(), 500);
    const other = createPythonRunner();
    const pending = other.run(job);
    other.close();
    return Promise.all([...jobs, pending, other.run(job)]);
  });
  expect(cancelled).toEqual([null, null, null, null, null]);
  expect(await run(page, "pass")).toEqual({ kind: "passed" });
});

test("no program gets out, or gets a verdict that it did not earn", async () => {
  const asked: string[] = [];
  const listen = (request: Request) => asked.push(request.url());
  page.on("request", listen);
  expect(await run(page, tryAll(escapes(net)), { timeLimit: 30 })).toEqual({
    kind: "failed",
    error: "AssertionError: []",
  });
  const verdicts = await runAll(page, Object.values(forgeries));
  expect(Object.keys(forgeries).filter((_, i) => verdicts[i]?.kind === "passed")).toEqual([]);
  page.off("request", listen);
  const own = new URL(served.resolvedUrls?.local[0] ?? "").origin;
  expect(asked.filter((url) => !url.startsWith(`${own}/assets/`) && !url.startsWith("blob:null/"))).toEqual(
    [],
  );
  expect(hits).toBe(0);
});

test("JavaScript in the sandbox's frame or worker would reach nothing either", async ({ page }) => {
  await openPage(page, reachFromWorker(net));
  await page.evaluate(() => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    new BroadcastChannel("page").onmessage = ({ data }) => heard.push(data);
    window.addEventListener("message", ({ data }) => heard.push(data));
  });
  const verdict = await run(page, "pass");
  expect(verdict).toEqual({
    kind: "crashed",
    error: "the Python sandbox did not start: Error: reached: .",
  });
  expect(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([]);
  expect(hits).toBe(0);
});

test("the frame has an origin of its own, without storage or network", async () => {
  expect(await run(page, "pass")).toEqual({ kind: "passed" });
  const frame = page.frames().find((each) => each !== page.mainFrame());
  const reached = await frame!.evaluate(async (address) => {
    const names: string[] = [origin === "null" ? "" : "an origin"];
    const attempt = async (name: string, body: () => unknown) => {
      try {
        await body();
        names.push(name);
      } catch {}
    };
    await attempt("parent", () => parent.document.body);
    await attempt("top", () => top?.location.href);
    await attempt("localStorage", () => localStorage.length);
    await attempt("indexedDB", () => indexedDB.open("x"));
    await attempt("cookies", () => document.cookie);
    await attempt("fetch", () => fetch(address, { mode: "no-cors" }));
    await attempt("navigator.storage", () => navigator.storage.getDirectory());
    await attempt("a picture", async () => {
      const picture = new Image();
      picture.src = address;
      await picture.decode();
    });
    return names.filter(Boolean);
  }, net);
  expect(reached).toEqual([]);
  expect(hits).toBe(0);
});

test("a flood of messages ends its worker, and the page stays awake", async ({ page }) => {
  await openPage(page, floodFromWorker);
  await page.evaluate(() => window.python.beats.splice(0));
  expect(await run(page, "pass")).toEqual(interfered);
  expect(await longestPause(page)).toBeLessThan(1_500);
});

test("a made-up answer is no verdict", async ({ page }) => {
  const answers = [
    '{ kind: "ran", token: "guessed", seconds: 0, ran: { passed: true } }',
    '{ kind: "ran", seconds: 0, ran: { passed: true } }',
    'JSON.parse(\'{"kind":"ran","__proto__":{"token":"x","polluted":true},"seconds":0,"ran":{"passed":true}}\')',
    '{ id: 0, verdict: { kind: "passed" } }',
    "null",
  ];
  await openPage(page, forgeFromWorker(answers));
  const programs = answers.map((_, i) => String(i));
  expect(await runAll(page, programs)).toEqual(answers.map(() => interfered));
  expect(await page.evaluate(() => "polluted" in {})).toBe(false);
});

test("the benchmarks' own solutions pass, and without their bodies fail", async () => {
  const humanEval = "../shared/benchmarks/HumanEval.jsonl";
  const mbpp = "../shared/benchmarks/mbpp.jsonl";
  test.skip(!existsSync(humanEval) || !existsSync(mbpp), "../shared/benchmarks is not here");
  const most = Number(process.env.PYTHON_PROGRAMS ?? 4);
  test.setTimeout(60_000 + 4_000 * most);
  const lines = (path: string) =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter(Boolean)
      .slice(0, most)
      .map((line) => JSON.parse(line));
  const right: string[] = [];
  const wrong: string[] = [];
  for (const { prompt, canonical_solution, test: tests, entry_point } of lines(humanEval)) {
    right.push(`${prompt}${canonical_solution}\n${tests}\ncheck(${entry_point})`);
    wrong.push(`${prompt}    return "no"\n${tests}\ncheck(${entry_point})`);
  }
  for (const { code, test_setup_code, test_list } of lines(mbpp)) {
    right.push([test_setup_code, code, ...test_list].join("\n"));
    const others = [...String(code).matchAll(/^def (\w+)/gm)].map(
      ([, name]) => `def ${name}(*a): return object()`,
    );
    wrong.push([test_setup_code, code, ...others, ...test_list].join("\n"));
  }
  expect(await run(page, "pass")).toEqual({ kind: "passed" });
  const started = Date.now();
  const verdicts = await runAll(page, [...right, ...wrong]);
  const seconds = (Date.now() - started) / 1000;
  console.log(`${verdicts.length} programs in ${seconds.toFixed(1)} s`);
  expect(right.filter((_, i) => verdicts[i]?.kind !== "passed").map((p) => p.slice(0, 300))).toEqual([]);
  expect(
    wrong.filter((_, i) => verdicts[right.length + i]?.kind === "passed").map((p) => p.slice(0, 300)),
  ).toEqual([]);
});
