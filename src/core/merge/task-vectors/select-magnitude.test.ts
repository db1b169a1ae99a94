import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOCK, PlainOps } from "../block-ops";
import { breadcrumbs } from "../breadcrumbs";
import { type TaskParts, taskOf } from "../task.fixture";
import { ties } from "../ties";
import { selectBelowOutliers, selectLargest } from "./select-magnitude";
import { type Selector, Sieve } from "./selection";
import { TaskVectors } from "./task-vectors";

/** Whether each entry of the first component's update is kept. */
function kept(select: Selector, parts: TaskParts): boolean[] {
  const method = select === selectLargest ? ties : breadcrumbs;
  const ops = new PlainOps();
  const task = taskOf(method, parts);
  const vectors = new TaskVectors(task, task.components, ops);
  const selected = select(vectors);
  if (!selected.ok) throw new Error(selected.problem.message);
  const sieve = new Sieve(selected.value[0]!, ops);
  const out: boolean[] = [];
  for (let from = 0; from < task.length; from += BLOCK) {
    const ones = new Float32Array(Math.min(BLOCK, task.length - from));
    const base = new Float32Array(ones.length);
    vectors.read(0, from, base, ones);
    sieve.apply(ones, from);
    for (const value of ones) out.push(value !== 0);
  }
  return out;
}

/** Places in a stable ascending, or descending, sort by magnitude. */
function stableOrder(values: Float32Array, descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  return Array.from(values.keys()).sort(
    (a, b) => sign * (Math.abs(values[a]!) - Math.abs(values[b]!)) || a - b,
  );
}

const marked = (length: number, places: readonly number[]): boolean[] => {
  const out = new Array<boolean>(length).fill(false);
  for (const place of places) out[place] = true;
  return out;
};

/** Few or many different values, none of them 0, in a random or in rising order, over one block or many. */
const updates = fc
  .record({
    length: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(BLOCK, BLOCK + 1, 20 * BLOCK + 7)),
    kinds: fc.constantFrom(1, 3, 40, 2 ** 20),
    rising: fc.boolean(),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
  })
  .map(({ length, kinds, rising, seed }) => {
    let state = seed;
    const values = Float32Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const size = 1 + ((state >>> 8) % kinds);
      return (state & 128 ? -size : size) * 1e-4;
    });
    return rising ? values.sort((a, b) => Math.abs(a) - Math.abs(b)) : values;
  });

const share = fc.double({ min: 0, max: 0.999, noNaN: true });

describe("selection by magnitude", () => {
  it("keeps the largest, of equal ones the first in the tensor", () => {
    fc.assert(
      fc.property(updates, share, (values, density) => {
        const base = new Float32Array(values.length);
        const wanted = density === 0 ? 0 : Math.max(1, Math.trunc(density * values.length));
        expect(kept(selectLargest, { tensors: [values], base, own: { density } })).toEqual(
          marked(values.length, stableOrder(values, true).slice(0, wanted)),
        );
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("keeps the largest below the outliers, of equal ones the first at either end", () => {
    fc.assert(
      fc.property(updates, share, share, (values, density, gamma) => {
        const { length } = values;
        const target = Math.trunc(density * length);
        const from = Math.max(0, length - target - Math.trunc(gamma * length));
        const parts = { tensors: [values], base: new Float32Array(length), own: { density, gamma } };
        expect(kept(selectBelowOutliers, parts)).toEqual(
          marked(length, stableOrder(values, false).slice(from, from + target)),
        );
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("finds the threshold where the sampled blocks mislead", () => {
    const length = 40 * BLOCK;
    const step = Math.floor(length / BLOCK / 8);
    // Blocks that are looked at first are a thousand times as large as the others.
    const values = Float32Array.from({ length }, (_, i) =>
      Math.floor(i / BLOCK) % step === 0 ? 1 + i / length : 1e-3 * (1 + i / length),
    );
    const parts = { tensors: [values], base: new Float32Array(length), own: { density: 0.5 } };
    expect(kept(selectLargest, parts)).toEqual(
      marked(length, stableOrder(values, true).slice(0, length / 2)),
    );
  });

  it("keeps as many as a stable sort would where mergekit's sort chooses", () => {
    fc.assert(
      fc.property(updates, share, (values, density) => {
        const parts = { tensors: [values], base: new Float32Array(values.length), own: { density } };
        const [own, theirs] = [false, true].map((mergekit) =>
          kept(selectLargest, { ...parts, mergekit }),
        ) as [boolean[], boolean[]];
        const magnitudes = (mask: boolean[]) =>
          values
            .filter((_, i) => mask[i])
            .map(Math.abs)
            .sort();
        expect(magnitudes(theirs)).toEqual(magnitudes(own));
      }),
      { seed: 1, numRuns: 20 },
    );
  });
});
