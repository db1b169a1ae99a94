import "fake-indexeddb/auto";
import { createStore, get, set } from "idb-keyval";
import { describe, expect, it } from "vitest";
import { measurementAddress, measurementKey } from "../core/scoring/address";
import type { Measurement } from "../core/scoring/measurement";
import { createIdbJournal, createMemoryJournal, type Journal } from "./journal";

async function record(alpha: readonly number[], done: number): Promise<Measurement> {
  const key = measurementKey("set", "tasks", { kind: "mixture", alpha });
  const scores = new Float32Array(4).fill(Number.NaN).map((x, i) => (i < done ? -i - 0.5 : x));
  return {
    address: await measurementAddress(key),
    key,
    scores,
    done,
    total: 4,
    backend: "wasm",
    origin: "measured",
    at: `2026-01-01T00:00:0${done}Z`,
    seconds: 1,
    versions: {},
  };
}

let names = 0;
const kinds: [string, () => Journal][] = [
  ["IndexedDB", () => createIdbJournal(`journal-${names++}`)],
  ["memory", createMemoryJournal],
];

describe.each(kinds)("journal in %s", (_, create) => {
  it("gives back what was put, item scores bit for bit", async () => {
    const journal = create();
    const written = await record([0.25, 0.75], 3);
    expect((await journal.put(written)).ok).toBe(true);
    const loaded = await journal.load();
    expect(loaded.ok && loaded.value.records).toHaveLength(1);
    const back = loaded.ok ? loaded.value.records[0]! : null;
    expect(new Uint8Array(back!.scores.buffer)).toEqual(new Uint8Array(written.scores.buffer));
    expect(back!.key).toEqual(written.key);
  });

  it("replaces a record only by one with more items", async () => {
    const journal = create();
    await journal.put(await record([1, 0], 3));
    const kept = await journal.put(await record([1, 0], 2));
    expect(kept.ok && kept.value.done).toBe(3);
    await journal.put(await record([1, 0], 4));
    const loaded = await journal.load();
    expect(loaded.ok && loaded.value.records.map((r) => r.done)).toEqual([4]);
  });
});

describe("journal in IndexedDB", () => {
  it("keeps records across a reopening, oldest first", async () => {
    await createIdbJournal("shared").put(await record([0, 1], 2));
    await createIdbJournal("shared").put(await record([1, 0], 1));
    const loaded = await createIdbJournal("shared").load();
    expect(loaded.ok && loaded.value.records.map((r) => r.done)).toEqual([1, 2]);
  });

  it("names a broken record and leaves it and the others alone", async () => {
    const name = "with-broken";
    const good = await record([0.5, 0.5], 4);
    await createIdbJournal(name).put(good);
    await set("deadbeef", { version: 99, record: { from: "the future" } }, createStore(name, "measurements"));
    const loaded = await createIdbJournal(name).load();
    expect(loaded.ok && loaded.value.broken).toEqual(["deadbeef"]);
    expect(loaded.ok && loaded.value.records.map((r) => r.address)).toEqual([good.address]);
    expect(await get("deadbeef", createStore(name, "measurements"))).toMatchObject({ version: 99 });
  });

  it("answers a refused write with a quota problem", async () => {
    const journal = createIdbJournal("full");
    const written = await record([0.1, 0.9], 4);
    const original = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
    try {
      const result = await journal.put(written);
      expect(!result.ok && result.problem.kind).toBe("quota");
      expect(!result.ok && result.problem.remedy).toContain("kept until this tab closes");
    } finally {
      IDBObjectStore.prototype.put = original;
    }
    expect((await journal.put(written)).ok).toBe(true);
  });
});
