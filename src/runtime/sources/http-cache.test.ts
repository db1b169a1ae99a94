import { afterEach, beforeEach, expect, it } from "vitest";
import { readExactly } from "../../core/checkpoint/byte-source";
import { findFile } from "../../core/checkpoint/folder-files";
import type { Progress } from "../../core/checkpoint/progress";
import { sentence } from "../../core/result";
import { ChunkCache } from "./chunk-cache";
import { httpFolder } from "./http-folder";
import { MemoryStore } from "./memory-store.fixture";
import { MisbehavingServer, serve } from "./misbehaving-server.fixture";
import { RecentChunks } from "./recent-chunks";
import type { RetryPolicy } from "./retries";
import type { SourceOptions } from "./source-options";

const MB = 2 ** 20;
const PATH = "/set/model.safetensors";
const filled = (seed: number) => {
  const bytes = new Uint8Array(24 * MB + 5);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * seed + (i >> 10)) & 255;
  return bytes;
};
const large = filled(31);
const other = filled(37);
const policy: RetryPolicy = {
  tries: 3,
  firstWait: 5,
  longestWait: 20,
  longestAsked: 100,
  silence: 5_000,
  random: () => 0.5,
};

let server: MisbehavingServer;
let store: MemoryStore;
let notices: string[];

beforeEach(async () => {
  server = await MisbehavingServer.start({ [PATH]: { bytes: large, etag: '"one"' } });
  store = new MemoryStore();
  notices = [];
});
afterEach(() => server.close());

const newCache = () => new ChunkCache(store, { onNotice: (text) => notices.push(text) });
const folder = (options: SourceOptions = {}) =>
  httpFolder(`${server.url}/set/`, { policy, recent: new RecentChunks(), cache: newCache(), ...options });

async function expectBytes(from: ReturnType<typeof folder>, start: number, end: number, bytes = large) {
  const read = await readExactly((await from.file("model.safetensors"))!, start, end);
  expect(read.ok ? "" : sentence(read.problem)).toBe("");
  if (read.ok) expect(Buffer.compare(read.value, bytes.subarray(start, end))).toBe(0);
}

const failureOf = async (from: ReturnType<typeof folder>) => {
  const found = await findFile(from, "model.safetensors");
  return found.ok ? "" : sentence(found.problem);
};

/** The page is closed and opened again: nothing in memory is left. */
function reopened(): void {
  store.crash();
  server.forget();
}

it("asks for one byte where all is kept", async () => {
  await expectBytes(folder(), 0, large.length);
  reopened();
  const told: Progress[] = [];
  await expectBytes(folder({ onProgress: (p) => told.push(p) }), 0, large.length);
  expect(server.log).toEqual([`GET ${PATH} bytes=0-0`]);
  expect(told.at(-1)).toEqual({
    done: large.length,
    total: large.length,
    unit: "bytes",
    what: "set/model.safetensors",
  });
});

it("goes on after the page was closed in the middle, with the bytes that are missing", async () => {
  const controller = new AbortController();
  const first = folder({
    signal: controller.signal,
    onProgress: (p) => p.done > 14 * MB && controller.abort(),
  });
  const read = await readExactly((await first.file("model.safetensors"))!, 0, large.length);
  expect(read.ok ? null : read.problem.kind).toBe("cancelled");
  const before = server.sent;
  reopened();
  const cache = newCache();
  const held = (await cache.entries())[0]!.bytes;
  expect(held).toBeGreaterThan(12 * MB);
  expect(before).toBeGreaterThanOrEqual(held);
  await expectBytes(folder({ cache }), 0, large.length);
  expect(server.sent).toBe(large.length - held + 1);
});

it("takes the new version whole where the file changed in between", async () => {
  await expectBytes(folder(), 0, large.length);
  reopened();
  server.files.set(PATH, { bytes: other, etag: '"two"' });
  const cache = newCache();
  await expectBytes(folder({ cache }), 0, other.length, other);
  expect(server.sent).toBeGreaterThanOrEqual(other.length);
  expect(await cache.entries()).toMatchObject([{ bytes: other.length, total: other.length }]);
});

it("keeps nothing past the session where nothing tells versions apart", async () => {
  server.files.set(PATH, { bytes: large });
  await expectBytes(folder(), 0, large.length);
  reopened();
  server.files.set(PATH, { bytes: other });
  await expectBytes(folder(), 0, other.length, other);
});

it("fetches damaged chunks anew, and only those", async () => {
  await expectBytes(folder(), 0, large.length);
  reopened();
  const data = [...store.files].find(([name]) => name.endsWith(".data"))!;
  data[1][7 * MB + 5]! ^= 1;
  await expectBytes(folder(), 0, large.length);
  expect(server.sent).toBeLessThanOrEqual(MB + 1);
  reopened();
  await expectBytes(folder(), 0, large.length);
  expect(server.sent).toBe(1);
});

it("reads on without the cache where the storage is full, and says so once", async () => {
  store.limit = 10 * MB;
  const from = folder();
  await expectBytes(from, 0, large.length);
  await expectBytes(from, 0, large.length);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain("storage is full");
});

it("reads on where the open checkpoint cannot be evicted, and evicts it when it is closed", async () => {
  const cache = newCache();
  const from = folder({ cache });
  await expectBytes(from, 0, 8 * MB);
  const [entry] = await cache.entries();
  expect(entry).toMatchObject({ name: `${server.url}/set/`, pinned: true, bytes: 12 * MB });
  await cache.evict(entry!.key);
  expect(await cache.entries()).toHaveLength(1);
  from.close();
  await cache.evict(entry!.key);
  expect([await cache.entries(), await store.names()]).toEqual([[], []]);
  await expectBytes(from, 0, 8 * MB);
});

it("streams a large file once into the cache where the server has no ranges", async () => {
  server.from(PATH, serve({ ranges: false }));
  const told: Progress[] = [];
  const from = folder({ onProgress: (p) => told.push(p) });
  await expectBytes(from, 10 * MB, 12 * MB);
  await expectBytes(from, 0, large.length);
  expect(told.some((p) => p.done > 0 && p.done < p.total)).toBe(true);
  expect(server.sent).toBeGreaterThanOrEqual(large.length);
  reopened();
  await expectBytes(folder(), 0, large.length);
  expect(server.log).toEqual([`GET ${PATH} bytes=0-0`]);
  expect(server.sent).toBeLessThan(large.length / 2);
});

it("begins again where such a stream is cut, and gives up in the end", async () => {
  server.next(PATH, serve({ ranges: false, cutAfter: 9 * MB }));
  server.from(PATH, serve({ ranges: false }));
  await expectBytes(folder(), 0, large.length);
  reopened();
  store.files.clear();
  server.from(PATH, serve({ ranges: false, cutAfter: 9 * MB }));
  expect(await failureOf(folder())).toMatch(/broke off at byte \d+ of 25165829, tried 3 times/);
});

it("refuses such a file where the storage has no room for it, with what to do", async () => {
  server.from(PATH, serve({ ranges: false }));
  store.limit = 10 * MB;
  expect(await failureOf(folder())).toMatch(
    /gives only whole files \(no ranges\), this one has 25165829 bytes, and the browser's storage has no room for it. Use a server that answers Range requests/,
  );
});

it("drops a streamed file at the end of the session where nothing tells its versions apart", async () => {
  server.files.set(PATH, { bytes: large });
  server.from(PATH, serve({ ranges: false }));
  const cache = newCache();
  const from = folder({ cache });
  await expectBytes(from, 0, large.length);
  expect(await cache.entries()).toHaveLength(1);
  from.close();
  expect(await cache.usage()).toMatchObject({ used: 0 });
});
