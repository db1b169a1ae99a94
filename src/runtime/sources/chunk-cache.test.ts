import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CachedFile, type CacheTarget, CHUNK } from "./byte-cache";
import { ChunkCache } from "./chunk-cache";
import { MemoryStore } from "./memory-store.fixture";

let store: MemoryStore;
let notices: string[];
let clock: number;

beforeEach(() => {
  store = new MemoryStore();
  notices = [];
  clock = 1_000;
});

const cache = () => new ChunkCache(store, { now: () => clock++, onNotice: (text) => notices.push(text) });

const target = (key: string, size = 3 * CHUNK + 100, checkpoint = `folder of ${key}`): CacheTarget => ({
  key,
  size,
  address: `https://host/${key}`,
  lasting: true,
  checkpoint: { key: checkpoint, name: checkpoint },
});

const chunk = (seed: number, length = CHUNK) => new Uint8Array(length).fill(seed);

async function put(into: ChunkCache, of: CacheTarget, ...chunks: number[]): Promise<CachedFile> {
  const file = (await into.open(of))!;
  for (const c of chunks)
    expect(await file.write(c, chunk(c + 1, Math.min(CHUNK, of.size - c * CHUNK)))).toBe(true);
  return file;
}

async function bytesOf(file: CachedFile, c: number, from = 0, length = 10): Promise<number[] | null> {
  const into = new Uint8Array(length);
  return (await file.read(c, from, into)) ? [...into] : null;
}

it("keeps chunks in any order, and gives any part of them", async () => {
  const file = await put(cache(), target("a"), 3, 0, 2);
  expect([0, 1, 2, 3].map((c) => file.has(c))).toEqual([true, false, true, true]);
  expect(await bytesOf(file, 2, 500, 3)).toEqual([3, 3, 3]);
  expect(await bytesOf(file, 3, 90, 10)).toEqual(Array(10).fill(4));
  expect(await bytesOf(file, 1)).toBeNull();
});

it("gives after a crash what it held, and goes on", async () => {
  await put(cache(), target("a"), 0, 2);
  store.crash();
  const again = cache();
  expect(await again.keyAt("https://host/a")).toBe("a");
  const file = await put(again, target("a"), 1);
  expect(await Promise.all([0, 1, 2, 3].map((c) => bytesOf(file, c, 0, 1)))).toEqual([[1], [2], [3], null]);
  expect(await again.entries()).toEqual([
    {
      key: "folder of a",
      name: "folder of a",
      bytes: 3 * CHUNK,
      total: 3 * CHUNK + 100,
      lastUsed: 1001,
      pinned: true,
    },
  ]);
});

it("survives a journal torn at any byte: a chunk is given right or not at all", async () => {
  await put(cache(), target("a"), 0, 1, 2, 3);
  const whole = store.files.get("a.journal")!;
  const data = store.files.get("a.data")!;
  const step = 7;
  for (let length = 0; length < whole.length; length += step) {
    store = new MemoryStore();
    store.files.set("a.journal", whole.slice(0, length));
    store.files.set("a.data", data.slice());
    const file = (await cache().open(target("a")))!;
    for (const c of [0, 1, 2, 3]) {
      const read = await bytesOf(file, c, 0, 2);
      if (file.has(c)) expect(read).toEqual([c + 1, c + 1]);
      else expect(read).toBeNull();
    }
    expect(await file.write(1, chunk(2))).toBe(true);
    store.crash();
    expect(await bytesOf((await cache().open(target("a")))!, 1, 0, 1), `torn at ${length}`).toEqual([2]);
  }
});

it.each([
  ["a flipped bit", (data: Uint8Array) => data.map((b, i) => (i === CHUNK + 77 ? b ^ 1 : b))],
  ["a short file", (data: Uint8Array) => data.slice(0, CHUNK + 5)],
])("drops a damaged chunk and takes it anew (%s)", async (_, damage) => {
  await put(cache(), target("a"), 0, 1);
  store.crash();
  store.files.set("a.data", damage(store.files.get("a.data")!));
  const file = (await cache().open(target("a")))!;
  expect(await bytesOf(file, 0, 0, 1)).toEqual([1]);
  expect(await bytesOf(file, 1)).toBeNull();
  expect(file.has(1)).toBe(false);
  expect(await file.write(1, chunk(2))).toBe(true);
  store.crash();
  expect(await bytesOf((await cache().open(target("a")))!, 1, 0, 1)).toEqual([2]);
  expect(store.files.get("a.data")!.length).toBe(2 * CHUNK);
});

it("gives right bytes or none, whatever happened to its files", async () => {
  await put(cache(), target("a"), 0, 1, 2, 3);
  const journal = store.files.get("a.journal")!;
  const data = store.files.get("a.data")!;
  const edit = fc.record({ at: fc.nat(), value: fc.nat(255), cut: fc.option(fc.nat()) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { maxLength: 4 }),
      fc.array(edit, { maxLength: 2 }),
      async (inJournal, inData) => {
        store = new MemoryStore();
        store.files.set("a.journal", edited(journal, inJournal));
        store.files.set("a.data", edited(data, inData));
        const file = (await cache().open(target("a")))!;
        for (const c of [0, 1, 2, 3]) {
          const read = await bytesOf(file, c, 50, 2);
          if (read) expect(read).toEqual([c + 1, c + 1]);
        }
      },
    ),
    { seed: 6, numRuns: 150 },
  );
});

it.each([
  ["another place", (journal: string) => journal.replace('"chunk":1', '"chunk":2')],
  ["another slot", (journal: string) => journal.replace('"chunk":1,"slot":1', '"chunk":1,"slot":0')],
  ["another size", (journal: string) => journal.replace('"size":3145828', '"size":3145829')],
])("takes no chunk for another where the journal says %s", async (_, change) => {
  await put(cache(), target("a"), 0, 1);
  store.crash();
  const before = new TextDecoder().decode(store.files.get("a.journal"));
  expect(change(before)).not.toBe(before);
  store.files.set("a.journal", new TextEncoder().encode(change(before)));
  const file = (await cache().open(target("a")))!;
  expect(await Promise.all([1, 2].map((c) => bytesOf(file, c)))).toEqual([null, null]);
  expect(await file.write(1, chunk(9))).toBe(true);
  expect(await bytesOf(file, 1, 0, 1)).toEqual([9]);
});

function edited(
  bytes: Uint8Array,
  edits: readonly { at: number; value: number; cut: number | null }[],
): Uint8Array {
  let out = bytes.slice();
  for (const { at, value, cut } of edits) {
    if (out.length > 0) out[at % out.length] = value;
    if (cut !== null) out = out.slice(0, cut % (out.length + 1));
  }
  return out;
}

it("passes over nonsense in its folder", async () => {
  for (const text of [
    "",
    "{",
    "[]",
    '{"format":"demix-cache","version":2}',
    '{"format":"demix-cache","version":1,"size":-1}',
  ])
    store.files.set(`x${text.length}.journal`, new TextEncoder().encode(`${text}\n`));
  store.files.set("lost.data", new Uint8Array(10));
  store.files.set("settings.json", new TextEncoder().encode('{"budget": "much"}'));
  expect(await cache().entries()).toEqual([]);
  expect(await store.names()).toEqual(["settings.json"]);
});

it("evicts the least recently used checkpoints within the budget, never an open one", async () => {
  const c = cache();
  await c.setBudget(5 * CHUNK);
  const open = await put(c, target("a"), 0);
  (await put(c, target("b", 2 * CHUNK), 0, 1)).release();
  (await put(c, target("c", 2 * CHUNK), 0, 1)).release();
  (await c.open(target("b", 2 * CHUNK)))!.release();
  const d = await put(c, target("d"), 0);
  expect((await c.entries()).map(({ key }) => key)).toEqual(["folder of a", "folder of b", "folder of d"]);
  expect(await c.usage()).toEqual({ used: 4 * CHUNK, budget: 5 * CHUNK, quota: null });
  expect([open.has(0), d.has(0)]).toEqual([true, true]);
  expect(store.files.has("c.data")).toBe(false);
});

it("evicts all files of a checkpoint together", async () => {
  const c = cache();
  for (const key of ["a1", "a2"]) (await put(c, target(key, CHUNK, "seven"), 0)).release();
  const [entry] = await c.entries();
  expect(entry).toMatchObject({ key: "seven", bytes: 2 * CHUNK, total: 2 * CHUNK, pinned: false });
  await c.evict("seven");
  expect([await c.entries(), await store.names()]).toEqual([[], []]);
});

it("goes on without what does not fit, and says so once", async () => {
  const c = cache();
  await c.setBudget(2 * CHUNK);
  const file = await put(c, target("a", 6 * CHUNK), 0, 1);
  for (const n of [2, 3, 4]) expect(await file.write(n, chunk(n))).toBe(false);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain("reached its budget");
  expect(await bytesOf(file, 1, 0, 1)).toEqual([2]);
  await c.setBudget(3 * CHUNK);
  expect(await file.write(2, chunk(2))).toBe(true);
});

it("makes room where the storage is full, else goes on without it and says so once", async () => {
  const c = cache();
  (await put(c, target("old", 2 * CHUNK), 0, 1)).release();
  store.limit = 3 * CHUNK + 2_000;
  const file = await put(c, target("new", 6 * CHUNK), 0, 1, 2);
  expect((await c.entries()).map(({ key }) => key)).toEqual(["folder of new"]);
  for (const n of [3, 4]) expect(await file.write(n, chunk(n))).toBe(false);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain("storage is full");
  expect(await bytesOf(file, 2, 0, 1)).toEqual([3]);
  store.crash();
  const again = (await cache().open(target("new", 6 * CHUNK)))!;
  expect(await Promise.all([0, 1, 2, 3].map((n) => bytesOf(again, n, 0, 1)))).toEqual([[1], [2], [3], null]);
});

it("takes half of the quota unless another budget was chosen, and remembers that", async () => {
  store = new MemoryStore(Number.POSITIVE_INFINITY, 1_000_000);
  expect(await cache().usage()).toEqual({ used: 0, budget: 500_000, quota: 1_000_000 });
  await cache().setBudget(123);
  expect((await cache().usage()).budget).toBe(123);
});

it("clears everything that is not open", async () => {
  const c = cache();
  (await put(c, target("a"), 0)).release();
  const open = await put(c, target("b"), 0);
  await c.clear();
  expect((await c.entries()).map(({ key }) => key)).toEqual(["folder of b"]);
  open.release();
  await c.evict("folder of b");
  expect(await c.entries()).toEqual([]);
  expect(open.has(0)).toBe(false);
  expect(await open.write(1, chunk(1))).toBe(false);
});

it("drops the older version of an address, and what stands for one session only", async () => {
  const c = cache();
  (await put(c, target("v1"), 0)).release();
  (await put(c, { ...target("v2"), address: "https://host/v1" }, 0)).release();
  expect((await c.entries()).map(({ key }) => key)).toEqual(["folder of v2"]);
  const once = await put(c, { ...target("once-1"), lasting: false }, 0);
  expect(await c.entries()).toHaveLength(2);
  once.release();
  expect(await c.entries().then((e) => e.length)).toBe(1);
  await put(c, { ...target("once-2"), lasting: false }, 0);
  store.crash();
  expect((await cache().entries()).map(({ key }) => key)).toEqual(["folder of v2"]);
  expect(store.files.has("once-2.data")).toBe(false);
});

it("is one cache for two readers of a file, and none for a second tab", async () => {
  const c = cache();
  const [one, two] = await Promise.all([c.open(target("a")), c.open(target("a"))]);
  await one!.write(0, chunk(1));
  expect(await bytesOf(two!, 0, 0, 1)).toEqual([1]);
  one!.release();
  expect((await c.entries())[0]?.pinned).toBe(true);
  expect(await cache().open(target("a"))).toBeNull();
  expect(notices[0]).toContain("in use in another tab");
  expect(await cache().open(target("b"))).not.toBeNull();
});

it("keeps its journal short", async () => {
  const c = cache();
  for (let i = 0; i < 1_200; i++) (await put(c, target("a"), 0)).release();
  await c.entries();
  const text = new TextDecoder().decode(store.files.get("a.journal"));
  expect(text.split("\n").length).toBeLessThan(1_100);
  expect(await bytesOf((await c.open(target("a")))!, 0, 0, 1)).toEqual([1]);
});

afterEach(() => store.crash());
