import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import type { FolderRef } from "../src/protocol/folder-ref";
import { imitateHub, sha256Of } from "../src/runtime/sources/hub-imitation.fixture";
import { CORS, MisbehavingServer, serve } from "../src/runtime/sources/misbehaving-server.fixture";
import type { SourcesHandle } from "./pages/sources";

/**
 * Where checkpoints come from, in a real browser: the cache in its storage survives a closed page, another server is read
 * across origins, the hub's token stays with the hub, and chosen folders reach the worker.
 */
declare global {
  interface Window {
    underTest: SourcesHandle;
  }
}

const MB = 2 ** 20;
const PATH = "/set/model.safetensors";
const large = new Uint8Array(24 * MB + 5);
for (let i = 0; i < large.length; i++) large[i] = (i * 31 + (i >> 10)) & 255;
const sum = (start: number, end = large.length) =>
  createHash("sha256").update(large.subarray(start, end)).digest("hex");
const DEMO = ["config.json", "model.safetensors", "tokenizer.json"];

let vite: ViteDevServer;
let origin: string;
let server: MisbehavingServer;

test.beforeAll(async () => {
  vite = await createServer({ server: { port: 4391, hmr: false }, logLevel: "error" });
  await vite.listen();
  origin = vite.resolvedUrls?.local[0] ?? "http://localhost:4391/";
});
test.afterAll(() => vite.close());
test.beforeEach(async () => {
  server = await MisbehavingServer.start({ [PATH]: { bytes: large, etag: '"one"' } });
  server.headers = { ...CORS };
});
test.afterEach(() => server.close());

async function openPage(page: Page): Promise<void> {
  await page.goto(`${origin}e2e/pages/sources.html`);
  await page.waitForFunction(() => "underTest" in window);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
}

const open = (page: Page, ref: FolderRef, options: { hubUrl?: string } = {}) =>
  page.evaluate(([r, o]) => window.underTest.sources.open("set", r, o), [ref, options] as const);

const read = (page: Page, path = "model.safetensors", start = 0, end?: number) =>
  page.evaluate(([p, s, e]) => window.underTest.sources.read("set", p, s, e), [path, start, end] as const);

const entries = (page: Page) => page.evaluate(() => window.underTest.sources.entries());
const usage = (page: Page) => page.evaluate(() => window.underTest.sources.usage());
const folder = (): FolderRef => ({ kind: "http", url: `${server.url}/set/` });

test("a download goes on where the page was closed, and the cache is shown and evicted", async ({
  context,
  page,
}) => {
  await openPage(page);
  expect(await open(page, folder())).toBe(true);
  server.from(PATH, serve({ drip: { bytes: 2 ** 16, ms: 40 } }));
  const reading = read(page).catch(() => "closed");
  const done = async () => (await page.evaluate(() => window.underTest.sources.progress()))?.done ?? 0;
  await expect.poll(done, { intervals: [50] }).toBeGreaterThan(10 * MB);
  await page.close();
  expect(await reading).toBe("closed");
  await expect.poll(() => server.open).toBe(0);
  server.from(PATH, null);
  server.forget();

  const second = await context.newPage();
  await openPage(second);
  const [held] = await entries(second);
  expect(held).toMatchObject({ name: `${server.url}/set/`, total: large.length, pinned: false });
  expect(held!.bytes).toBeGreaterThan(10 * MB);
  await open(second, folder());
  expect(await read(second)).toBe(sum(0));
  expect(server.sent).toBe(large.length - held!.bytes + 1);

  const full = await usage(second);
  expect(full.used).toBe(large.length);
  expect(full.budget).toBeGreaterThan(large.length);
  expect(full.quota).toBeGreaterThanOrEqual(full.budget);
  const key = held!.key;
  await second.evaluate((k) => window.underTest.sources.evict(k), key);
  expect((await entries(second))[0]?.pinned).toBe(true);
  await second.evaluate(() => window.underTest.sources.close("set"));
  await second.evaluate((k) => window.underTest.sources.evict(k), key);
  expect(await usage(second)).toMatchObject({ used: 0 });
  const left = await second.evaluate(async () => {
    const cache = await (await navigator.storage.getDirectory()).getDirectoryHandle("byte-cache");
    const names: string[] = [];
    for await (const name of (cache as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return names;
  });
  expect(left.filter((name) => /journal|data/.test(name))).toEqual([]);
});

test("a second tab goes on without the files that the first has open", async ({ context, page }) => {
  await openPage(page);
  await open(page, folder());
  expect(await read(page)).toBe(sum(0));
  const second = await context.newPage();
  await openPage(second);
  await open(second, folder());
  expect(await read(second, "model.safetensors", 5 * MB, 6 * MB)).toBe(sum(5 * MB, 6 * MB));
  expect(await second.evaluate(() => window.underTest.sources.notices())).toEqual([
    "The cache of this checkpoint is in use in another tab: it is not used here.",
  ]);
});

test("a full storage ends the caching, not the reading", async ({ context, page }) => {
  await openPage(page);
  const session = await context.newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(origin).origin, quotaSize: 9 * MB });
  await page.evaluate((bytes) => window.underTest.sources.setBudget(bytes), 100 * MB);
  await open(page, folder());
  expect(await read(page)).toBe(sum(0));
  const notices = await page.evaluate(() => window.underTest.sources.notices());
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain("The browser's storage is full");
  expect((await usage(page)).used).toBeGreaterThan(4 * MB);
});

test("a set on another server is read, with and without Cross-Origin-Resource-Policy", async ({ page }) => {
  for (const name of DEMO) {
    const bytes = await readFile(join("public/zoo/demo/base", name));
    server.files.set(`/demo/base/${name}`, { bytes, etag: `"${name}"` });
  }
  const demo: FolderRef = { kind: "http", url: `${server.url}/demo/base/` };
  await openPage(page);
  for (const policy of ["cross-origin", null]) {
    server.headers = { ...CORS, ...(policy && { "cross-origin-resource-policy": policy }) };
    await open(page, demo);
    expect(await page.evaluate(async () => window.underTest.sources.tensors("set"))).toBeGreaterThan(20);
    expect(await read(page, "nothing.safetensors")).toBe("missing");
  }
  expect(server.seen.filter(({ method }) => method === "OPTIONS")).toEqual([]);
});

test("a server that hides Content-Range and ETag is read all the same", async ({ page }) => {
  server.files.set(PATH, { bytes: large, modified: "Mon, 01 Jan 2024 00:00:00 GMT" });
  server.headers = { "access-control-allow-origin": "*" };
  await openPage(page);
  await open(page, folder());
  expect(await read(page)).toBe(sum(0));
  expect(server.seen.map(({ method }) => method)).toContain("HEAD");
  server.files.set(PATH, { bytes: large, modified: "Tue, 02 Jan 2024 00:00:00 GMT" });
  await open(page, folder());
  expect(await read(page)).toBe(sum(0));
});

test("a server that does not let other sites read is told from its silence, with what to do", async ({
  page,
}) => {
  server.headers = {};
  await openPage(page);
  await open(page, folder());
  const said = await read(page);
  expect(said).toContain(`${new URL(server.url).host} gave no answer that this page may read`);
  expect(said).toContain(`Access-Control-Allow-Origin: ${new URL(origin).origin}`);
});

test("the hub's token goes to the hub alone, through its redirects too", async ({ page }) => {
  const storage = await MisbehavingServer.start();
  storage.headers = { ...CORS };
  imitateHub(server, storage, {
    repo: "owner/name",
    files: { "config.json": new TextEncoder().encode("{}"), "model.safetensors": large },
    large: ["model.safetensors"],
    revisions: { main: "c".repeat(40) },
    token: "hf_secret",
  });
  await openPage(page);
  const ref = { kind: "hub", repo: "owner/name", revision: "main", token: "hf_secret" } as const;
  await open(page, ref, { hubUrl: server.url });
  expect(await read(page, "config.json")).toBe(createHash("sha256").update("{}").digest("hex"));
  expect(await read(page)).toBe(sha256Of(large));
  expect(storage.sent).toBe(large.length);
  expect(
    server.seen.filter(({ headers }) => headers.authorization === "Bearer hf_secret").length,
  ).toBeGreaterThan(3);
  expect(JSON.stringify(storage.seen)).not.toContain("hf_secret");
  const kept = await page.evaluate(async () => {
    const cache = await (await navigator.storage.getDirectory()).getDirectoryHandle("byte-cache");
    let text = JSON.stringify([...Object.entries(localStorage), ...Object.entries(sessionStorage)]);
    for await (const [name, file] of (
      cache as unknown as { entries(): AsyncIterable<[string, FileSystemFileHandle]> }
    ).entries())
      if (name.endsWith(".journal")) text += await (await file.getFile()).text();
    return text;
  });
  expect(kept).toContain("hf://owner/name@main");
  expect(kept).not.toContain("hf_secret");
  await storage.close();
});

test("folders of this machine reach the worker: chosen, dropped, and from the browser's storage", async ({
  context,
  page,
}) => {
  const root = await mkdtemp(join(tmpdir(), "demix-sources-"));
  const parent = join(root, "runs");
  for (const name of ["base", "code"]) {
    await mkdir(join(parent, name), { recursive: true });
    for (const file of DEMO)
      await writeFile(join(parent, name, file), await readFile(join("public/zoo/demo/base", file)));
  }
  try {
    await openPage(page);
    const openChosen = () =>
      page.evaluate(async () => {
        const [parent] = window.underTest.chosen();
        if (!parent) return null;
        const found = await window.underTest.findCheckpoints(parent);
        if (!found.ok) return null;
        const { checkpoints } = found.value;
        await window.underTest.sources.open("set", checkpoints[1]!.ref);
        const tensors = await window.underTest.sources.tensors("set");
        return { kind: parent.ref.kind, names: checkpoints.map(({ name }) => name), tensors };
      });

    await page.evaluate(() => Object.assign(window, { showDirectoryPicker: undefined }));
    const chooser = page.waitForEvent("filechooser");
    await page.click("#pick");
    await (await chooser).setFiles(parent);
    await expect.poll(openChosen).toMatchObject({ kind: "files", names: ["runs/base", "runs/code"] });
    expect((await openChosen())?.tensors).toBeGreaterThan(20);

    await page.reload();
    await page.waitForFunction(() => "underTest" in window);
    const session = await context.newCDPSession(page);
    const data = { items: [], files: [parent], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await session.send("Input.dispatchDragEvent", { type, x: 50, y: 50, data });
    await expect.poll(openChosen).toMatchObject({ kind: "handle", names: ["runs/base", "runs/code"] });
    expect((await openChosen())?.tensors).toBeGreaterThan(20);
    const kept = await page.evaluate(async () => {
      const [parent] = window.underTest.chosen();
      return { kept: await window.underTest.rememberFolder("runs", parent!) };
    });
    expect(kept).toEqual({ kept: true });
  } finally {
    await rm(root, { recursive: true });
  }

  await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("merged", {
      create: true,
    });
    const writer = await (await folder.getFileHandle("config.json", { create: true })).createWritable();
    await writer.write("{}");
    await writer.close();
    await window.underTest.rememberFolder("merged", {
      name: "merged",
      ref: { kind: "handle", handle: folder },
    });
  });
  await open(page, { kind: "opfs", path: "merged" });
  const empty = createHash("sha256").update("{}").digest("hex");
  expect(await read(page, "config.json")).toBe(empty);
  await page.reload();
  await page.waitForFunction(() => "underTest" in window);
  const states = await page.evaluate(async () => {
    const merged = await window.underTest.rememberedFolder("merged");
    if (merged.state === "ready") await window.underTest.sources.open("set", merged.folder.ref);
    return [
      merged.state,
      (await window.underTest.rememberedFolder("runs")).state,
      (await window.underTest.rememberedFolder("other")).state,
    ];
  });
  expect(states[0]).toBe("ready");
  expect(["ask", "choose"]).toContain(states[1]);
  expect(states[2]).toBe("choose");
  expect(await read(page, "config.json")).toBe(empty);
});
