import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HeadChunk, HeadSums, localTargets } from "./combine-head";

/** What the head's graph gives for rows [from, to) of `logits` [K][vocabulary]. */
function chunkOf(
  logits: readonly (readonly number[])[],
  ids: Int32Array,
  from: number,
  to: number,
): HeadChunk {
  const parts = logits.map((row) => row.slice(from, to));
  const max = parts.map((part) => Math.max(...part));
  const local = localTargets(ids, from, to);
  return {
    max: Float32Array.from(max),
    sum: Float32Array.from(parts, (part, k) => part.reduce((n, x) => n + Math.exp(x - max[k]!), 0)),
    target: Float32Array.from(parts, (part, k) => part[local[k]!]!),
  };
}

describe("the head in chunks", () => {
  it("gives the log-probabilities of the whole, whatever the chunks", () => {
    const cases = fc.record({
      logits: fc.array(fc.array(fc.integer({ min: -80, max: 80 }), { minLength: 24, maxLength: 24 }), {
        minLength: 1,
        maxLength: 5,
      }),
      picks: fc.array(fc.nat(23), { minLength: 5, maxLength: 5 }),
      chunk: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(cases, ({ logits, picks, chunk }) => {
        const ids = Int32Array.from(logits, (_, k) => picks[k]!);
        const sums = new HeadSums(ids.length);
        for (let from = 0; from < 24; from += chunk) {
          const to = Math.min(24, from + chunk);
          sums.add(0, ids, { from, to }, chunkOf(logits, ids, from, to));
        }
        for (const [k, row] of logits.entries()) {
          const max = Math.max(...row);
          const logSum = Math.log(row.reduce((n, x) => n + Math.exp(x - max), 0));
          expect(sums.logProb(k)).toBeCloseTo(row[ids[k]!]! - max - logSum, 5);
          expect(sums.gap(k)).toBe(row[ids[k]!]! - max);
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it("is added batch by batch", () => {
    const logits = [
      [1, 2, 3],
      [3, 2, 1],
    ];
    const sums = new HeadSums(2);
    for (const k of [0, 1]) {
      const ids = Int32Array.of(1);
      sums.add(k, ids, { from: 0, to: 3 }, chunkOf([logits[k]!], ids, 0, 3));
    }
    expect(sums.logProb(0)).toBeCloseTo(sums.logProb(1), 6);
    expect(sums.gap(0)).toBe(-1);
  });
});
