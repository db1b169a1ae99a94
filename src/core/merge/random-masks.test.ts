import { describe, expect, it } from "vitest";
import { PlainOps } from "./block-ops";
import { dareLinear } from "./dare-linear";
import { dareTies } from "./dare-ties";
import { della } from "./della";
import { dellaLinear } from "./della-linear";
import type { MergeMethod, MergeSettings } from "./merge-method";
import { mergedBy, type TaskParts, taskOf } from "./task.fixture";
import { keepProbabilities } from "./task-vectors/select-ranked";

const LENGTH = 40_000;
const ONES = new Float32Array(LENGTH).fill(1);
const BASE = new Float32Array(LENGTH);

/** Which entries a method keeps of one component's update; those are not rescaled. */
function mask(method: MergeMethod, own: MergeSettings, parts: Partial<TaskParts> = {}): boolean[] {
  const merged = mergedBy(method, {
    tensors: [ONES],
    base: BASE,
    weights: [1],
    own,
    settings: { rescale: 0 },
    ...parts,
  });
  return Array.from(merged, (value) => value !== 0);
}

const count = (values: readonly boolean[]): number => values.filter((kept) => kept).length;

/** How far a count is from n·p, in standard deviations. */
const deviation = (hits: number, n: number, p: number): number => (hits - n * p) / Math.sqrt(n * p * (1 - p));

/** In standard deviations: the forty counts below exceed it with a probability of 0.003; no seed was chosen for its result. */
const BOUND = 4;

describe("random masks", () => {
  it.each([dareLinear, dareTies])("$name keeps each entry with probability ρ", (method) => {
    for (const density of [0.001, 0.1, 0.5, 0.53, 0.9])
      for (const seed of [1, 2, 3]) {
        const kept = mask(method, { density }, { seed });
        expect(Math.abs(deviation(count(kept), LENGTH, density))).toBeLessThan(BOUND);
        // Neighbours, and entries a row apart, are drawn independently.
        for (const lag of [1, 2, 8, 1024]) {
          const both = kept.filter((x, i) => i >= lag && x && kept[i - lag]).length;
          expect(Math.abs(deviation(both, LENGTH - lag, density ** 2))).toBeLessThan(2 * BOUND);
        }
      }
  });

  it.each([della, dellaLinear])("$name keeps an entry with the probability of its rank", (method) => {
    const [rows, columns] = [2000, 20];
    const tensor = Float32Array.from({ length: rows * columns }, (_, i) => ((i * 7) % columns) + 1);
    const own = { density: 0.6, epsilon: 0.2 };
    const kept = mask(method, own, { tensors: [tensor], shape: [rows, columns] });
    const probabilities = keepProbabilities(columns, own.density, own.epsilon, "float32");
    expect(probabilities[0]).toBeCloseTo(0.4, 6);
    expect(probabilities[columns - 1]).toBeCloseTo(0.8, 6);
    let chi = 0;
    for (const [rank, p] of probabilities.entries()) {
      const own = kept.filter((_, i) => tensor[i] === rank + 1);
      chi += deviation(count(own), rows, p) ** 2;
    }
    // χ² with 20 degrees of freedom: 45.3 is exceeded once in a thousand.
    expect(chi).toBeLessThan(45.3);
  });

  it("differs by seed, method, tensor and component, and by nothing else", () => {
    const own = { density: 0.5 };
    const first = mask(dareLinear, own);
    expect(mask(dareLinear, own)).toEqual(first);
    const others = [
      mask(dareLinear, own, { seed: 2 }),
      mask(dareTies, own),
      mask(dareLinear, own, { tensor: "model.embed_tokens.weight" }),
      mask(dareLinear, own, { ids: ["other"] }),
    ];
    for (const other of others) {
      const equal = count(first.map((x, i) => x === other[i]));
      expect(Math.abs(deviation(equal, LENGTH, 0.5))).toBeLessThan(BOUND);
    }
    // Another order, other company, other weights, another shape: the component keeps its own.
    const zeros = new Float32Array(LENGTH);
    const among = mask(dareLinear, own, { tensors: [zeros, ONES], weights: [0.3, 0.7], ids: ["b", "c0"] });
    expect(among).toEqual(first);
    expect(mask(dareLinear, own, { shape: [400, 100] })).toEqual(first);
  });

  it("keeps the same entries at a higher density, and more", () => {
    const low = mask(dareLinear, { density: 0.3 });
    const high = mask(dareLinear, { density: 0.7 });
    expect(low.every((kept, i) => !kept || high[i])).toBe(true);
  });

  it("rescales to the sum of magnitudes of the whole update", () => {
    const tensor = Float32Array.from({ length: LENGTH }, (_, i) => Math.sin(i));
    for (const method of [dareLinear, dellaLinear]) {
      const merged = mergedBy(method, { tensors: [tensor], base: BASE, weights: [1], own: { density: 0.5 } });
      const sum = (values: Float32Array) => values.reduce((a, b) => a + Math.abs(b), 0);
      expect(sum(merged) / sum(tensor)).toBeCloseTo(1, 6);
      expect(count(Array.from(merged, (x) => x !== 0)) / LENGTH).toBeCloseTo(0.5, 1);
    }
  });

  it("fails, by name, where della's probabilities leave the range", () => {
    const task = taskOf(della, { tensors: [ONES], base: BASE, own: { density: 0.9, epsilon: 0.15 } });
    const result = della.merge(task, new PlainOps(), () => {});
    expect(!result.ok && result.problem).toMatchObject({ kind: "bad-recipe", tensor: "model.norm.weight" });
  });
});
