import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveShares, GRID, isMixture, toMixture, uniform, vertex, withShare } from "./mixture";

const weights = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 })
  .filter((w) => w.reduce((a, b) => a + b) > 1e-6);

describe("toMixture", () => {
  it("sums to 1 on the grid, close to the weights, and keeps a mixture as it is", () => {
    fc.assert(
      fc.property(weights, (w) => {
        const alpha = toMixture(w);
        expect(isMixture(alpha, w.length)).toBe(true);
        const total = w.reduce((a, b) => a + b);
        alpha.forEach((a, i) => {
          expect(Math.abs(a - w[i]! / total)).toBeLessThanOrEqual(1 / GRID + 1e-12);
        });
        expect(toMixture(alpha)).toEqual(alpha);
      }),
    );
  });

  it("refuses what is no weight vector", () => {
    for (const bad of [[], [0, 0], [1, -1], [Number.NaN, 1]])
      expect(() => toMixture(bad)).toThrow(RangeError);
  });

  it("knows vertices and the centre", () => {
    expect(vertex(1, 3)).toEqual([0, 1, 0]);
    expect(uniform(3)).toEqual([0.3334, 0.3333, 0.3333]);
    expect(isMixture([0.5, 0.6], 2)).toBe(false);
    expect(isMixture([1], 2)).toBe(false);
  });
});

describe("withShare", () => {
  it("keeps the sum, the locks and the wished share where there is room", () => {
    fc.assert(
      fc.property(
        weights,
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        (w, pick, share, locks) => {
          const alpha = toMixture(w);
          const i = pick % w.length;
          const next = withShare(alpha, i, share, locks);
          expect(isMixture(next, w.length)).toBe(true);
          alpha.forEach((a, j) => {
            if (j !== i && locks[j]) expect(next[j]).toBeCloseTo(a, 9);
          });
          const locked = alpha.reduce((s, a, j) => s + (j !== i && locks[j] ? a : 0), 0);
          const free = alpha.some((_, j) => j !== i && !locks[j]);
          const wished = free ? Math.min(share, 1 - locked) : 1 - locked;
          expect(Math.abs(next[i]! - wished)).toBeLessThanOrEqual(1 / GRID + 1e-9);
        },
      ),
    );
  });

  it("shares equally among components that are all 0", () => {
    expect(withShare([1, 0, 0], 0, 0.5)).toEqual([0.5, 0.25, 0.25]);
  });
});

describe("effectiveShares", () => {
  it("adds the general share to the general component, or lists it first", () => {
    expect(effectiveShares([0.2, 0.8], 0.5, 0)).toEqual([0.6, 0.4]);
    expect(effectiveShares([0.2, 0.8], 0.5, null)).toEqual([0.5, 0.1, 0.4]);
  });
});
