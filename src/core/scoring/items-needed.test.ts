import fc from "fast-check";
import { expect, it } from "vitest";
import { noEstimate, studentInterval } from "./interval";
import { itemsNeeded, pairedSpread, smallestDifference, typicalSpread } from "./items-needed";
import { itemsToSeparate, pairedDifference } from "./paired";
import { choiceFacts, smallLayout } from "./small-layout";

it("gives the textbook's numbers of a paired comparison", () => {
  // sd 0.5, Δ 0.1: (1.96 · 5)² = 96.04; with 80 % power (2.8016 · 5)² = 196.2; with 90 % (3.2415 · 5)² = 262.7.
  expect(itemsNeeded(0.5, 0.1, 0.5)).toBe(97);
  expect(itemsNeeded(0.5, -0.1, 0.8)).toBe(197);
  expect(itemsNeeded(0.5, 0.1, 0.9)).toBe(263);
  expect(itemsNeeded(0, 0.1, 0.8)).toBe(2);
  expect(itemsNeeded(0.5, 0, 0.8)).toBe(Number.POSITIVE_INFINITY);
  expect(itemsNeeded(Number.NaN, 0.1, 0.8)).toBeNaN();
});

it("recovers the standard deviation behind an interval", () => {
  const differences = [0.4, -0.1, 0.2, 0.3, -0.2, 0.6];
  const mean = differences.reduce((a, b) => a + b) / 6;
  const sd = Math.sqrt(differences.reduce((s, d) => s + (d - mean) ** 2, 0) / 5);
  const estimate = studentInterval(mean, sd / Math.sqrt(6), 6);
  expect(pairedSpread(estimate)).toBeCloseTo(sd, 12);
  expect(typicalSpread([estimate, noEstimate(4)])).toBeCloseTo(sd, 12);
  expect(typicalSpread([noEstimate()])).toBeNaN();
});

it("agrees with the items that would separate a measured pair, at a power of one half", () => {
  const facts = Array.from({ length: 40 }, () => choiceFacts(0, [3, 3]));
  const layout = smallLayout([
    { id: "c", domain: "d", outputType: "multiple_choice", accuracy: "acc", continuous: "gold_ll", facts },
  ]);
  const row = (shift: number) =>
    Float32Array.from(facts.flatMap((_, i) => [-2 - Math.sin(i * 7 + shift) + shift / 10, -3]));
  const difference = pairedDifference(layout, row(1), row(0), "continuous").macro!;
  const sd = pairedSpread(difference);
  expect(sd).toBeGreaterThan(0);
  expect(itemsNeeded(sd, difference.value, 0.5)).toBe(itemsToSeparate(difference));
});

it("is the inverse of the smallest difference that a number of items tells apart", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-3, max: 10, noNaN: true }),
      fc.integer({ min: 2, max: 1_000_000 }),
      fc.constantFrom(0.5 as const, 0.8 as const, 0.9 as const),
      (sd, n, power) => {
        const delta = smallestDifference(sd, n, power);
        expect(Math.abs(itemsNeeded(sd, delta, power) - n)).toBeLessThanOrEqual(1);
        expect(itemsNeeded(sd, delta * 1.1, power)).toBeLessThanOrEqual(n);
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});
