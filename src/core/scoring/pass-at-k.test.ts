import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanPassAtK, passAtK } from "./pass-at-k";

/** Whether any of the first `correct` programs is in the choice, over every choice of k of n: by counting them all. */
function counted(n: number, correct: number, k: number): number {
  let all = 0;
  let hit = 0;
  for (let choice = 0; choice < 1 << n; choice++) {
    const chosen = Array.from({ length: n }, (_, i) => (choice >> i) & 1);
    if (chosen.reduce((a, b) => a + b, 0) !== k) continue;
    all += 1;
    if (chosen.slice(0, correct).includes(1)) hit += 1;
  }
  return hit / all;
}

/** C(n, k), exactly. */
function binomial(n: bigint, k: bigint): bigint {
  let value = 1n;
  for (let i = 1n; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

describe("passAtK", () => {
  it("is the share of choices with a correct program", () => {
    const sizes = fc
      .integer({ min: 1, max: 9 })
      .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n }), fc.integer({ min: 1, max: n })));
    fc.assert(
      fc.property(sizes, ([n, c, k]) => {
        expect(passAtK(n, c, k)).toBeCloseTo(counted(n, c, k), 12);
      }),
      { seed: 5 },
    );
  });

  it("stays exact where the binomials overflow", () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 1, max: 200 }),
    );
    fc.assert(
      fc.property(sizes, ([n, c, k]) => {
        fc.pre(c <= n && k <= n);
        const wrong = binomial(BigInt(n - c), BigInt(k));
        const scaled = n - c < k ? 0n : (wrong * 10n ** 15n) / binomial(BigInt(n), BigInt(k));
        expect(passAtK(n, c, k)).toBeCloseTo(1 - Number(scaled) / 1e15, 10);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it("is the share of correct programs for k = 1, and unknown for more than there are", () => {
    expect(passAtK(4, 1, 1)).toBeCloseTo(0.25, 15);
    expect(passAtK(200, 0, 100)).toBe(0);
    expect(passAtK(5, 5, 3)).toBe(1);
    expect(passAtK(2, 1, 3)).toBeNaN();
  });

  it("is averaged over problems", () => {
    expect(meanPassAtK([[true, false], [false, false], [true]], 1)).toBeCloseTo(0.5, 15);
    expect(meanPassAtK([], 1)).toBeNaN();
  });
});
