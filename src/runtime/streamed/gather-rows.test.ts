import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ok } from "../../core/result";
import { gatherRows, readsFor } from "./gather-rows";
import type { RowTable } from "./row-table";

/** Row r holds r·width, r·width + 1, …; reads are recorded. */
function countingTable(count: number, width: number) {
  const reads: number[] = [];
  const table: RowTable = {
    count,
    width,
    read: async ({ from, to }, out) => {
      reads.push(to - from);
      for (let i = 0; i < (to - from) * width; i++) out[i] = from * width + i;
      return ok(null);
    },
    close: async () => undefined,
  };
  return { table, reads };
}

describe("gathered rows", () => {
  it("hold each wanted row once, in few and short reads", async () => {
    const cases = fc.record({
      count: fc.integer({ min: 1, max: 300 }),
      picks: fc.array(fc.nat(10_000), { minLength: 1, maxLength: 60 }),
      reads: fc.integer({ min: 1, max: 12 }),
      rows: fc.integer({ min: 1, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ count, picks, reads, rows }) => {
        const wanted = picks.map((p) => p % count);
        const { table, reads: sizes } = countingTable(count, 3);
        const got = await gatherRows(table, wanted, { reads, rows });
        if (!got.ok) throw new Error(got.problem.message);
        const expected = [...new Set(wanted)].sort((a, b) => a - b);
        expect([...got.value.ids]).toEqual(expected);
        for (const [i, id] of expected.entries())
          expect([...got.value.rows.subarray(i * 3, i * 3 + 3)]).toEqual([id * 3, id * 3 + 1, id * 3 + 2]);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(rows);
        const split = Math.ceil(count / rows);
        expect(sizes.length).toBeLessThanOrEqual(reads + split);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it("are read apart where the gaps between them are largest", () => {
    const ids = Int32Array.of(1, 2, 4, 100, 101, 5000);
    expect(readsFor(ids, { reads: 3, rows: 1000 })).toEqual([
      { from: 1, to: 5 },
      { from: 100, to: 102 },
      { from: 5000, to: 5001 },
    ]);
    expect(readsFor(ids, { reads: 2, rows: 1000 })).toEqual([
      { from: 1, to: 102 },
      { from: 5000, to: 5001 },
    ]);
    expect(readsFor(Int32Array.of(), { reads: 2, rows: 10 })).toEqual([]);
  });
});
