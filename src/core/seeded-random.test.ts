import { expect, it } from "vitest";
import { childSeed, seededRandom } from "./seeded-random";

it("repeats for a seed, differs between seeds and lies evenly in [0, 1)", () => {
  const take = (seed: number, n: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: n }, random);
  };
  expect(take(7, 5)).toEqual(take(7, 5));
  expect(take(7, 5)).not.toEqual(take(8, 5));
  const many = take(1, 100_000);
  expect(many.every((u) => u >= 0 && u < 1)).toBe(true);
  const bins = new Array(10).fill(0);
  for (const u of many) bins[Math.floor(u * 10)]++;
  const chiSquared = bins.reduce((s, b) => s + (b - 10_000) ** 2 / 10_000, 0);
  expect(chiSquared).toBeLessThan(27.9);
  expect(new Set([0, 1, 2, 3].map((s) => childSeed(5, s))).size).toBe(4);
});
