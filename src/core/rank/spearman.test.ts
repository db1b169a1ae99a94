import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { macroRho, rankAmong, recovery, topQuarter, topQuarterRho } from "./agreement";
import { averageTiedRanks, spearman } from "./spearman";

interface RankValues {
  readonly pairs: readonly {
    readonly name: string;
    readonly proxy: number[];
    readonly reference: number[];
    readonly rho: number | null;
    readonly topRho: number | null;
    readonly recovery: number;
    readonly proxyRanks: number[];
    readonly referenceRanks: number[];
  }[];
  readonly averageRank: { readonly scores: number[][]; readonly ranks: number[][] };
}
const KNOWN = JSON.parse(readFileSync("reference/values/ranks.json", "utf8")) as RankValues;

const pairs = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 })), {
  minLength: 2,
  maxLength: 40,
});

describe("spearman", () => {
  it("equals SciPy's value with ties", () => {
    // scipy.stats.spearmanr and rankdata 1.17.
    const x = [3, 1, 4, 1, 5, 9, 2, 6];
    expect(spearman(x, [2, 7, 1, 8, 2, 8, 1, 8])).toBeCloseTo(0.19885368120992467, 14);
    expect([...averageTiedRanks(x)]).toEqual([4, 1.5, 5, 1.5, 6, 8, 3, 7]);
  });

  it.each(KNOWN.pairs)("equals the committed SciPy values: $name", (pair) => {
    const { proxy, reference } = pair;
    const same = (value: number, known: number | null) =>
      known === null ? expect(value).toBeNaN() : expect(value).toBeCloseTo(known, 12);
    same(spearman(proxy, reference), pair.rho);
    same(topQuarterRho(proxy, reference), pair.topRho);
    same(recovery(proxy, reference), pair.recovery);
    expect([...averageTiedRanks(proxy)]).toEqual(pair.proxyRanks);
    expect([...averageTiedRanks(reference)]).toEqual(pair.referenceRanks);
  });

  it("is symmetric, bounded, blind to monotone changes and turned by a negation", () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const x = list.map((p) => p[0]);
        const y = list.map((p) => p[1]);
        const rho = spearman(x, y);
        expect(spearman(y, x)).toEqual(rho);
        if (Number.isNaN(rho)) return;
        expect(Math.abs(rho)).toBeLessThanOrEqual(1);
        expect(spearman(x.map(Math.exp), y)).toBeCloseTo(rho, 12);
        expect(
          spearman(
            x.map((v) => -v),
            y,
          ),
        ).toBeCloseTo(-rho, 12);
      }),
    );
  });

  it("is undefined for a constant, a NaN or one value", () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(spearman([1, Number.NaN, 2], [1, 2, 3])).toBeNaN();
    expect(spearman([1], [1])).toBeNaN();
    expect(() => spearman([1, 2], [1])).toThrow(RangeError);
  });
});

describe("agreement", () => {
  it("takes the best quarter by reference, two at least", () => {
    const reference = [1, 9, 3, 7, 5, 2, 8, 4];
    expect(topQuarter(reference)).toEqual([1, 6]);
    expect(topQuarterRho([0, 5, 0, 0, 0, 0, 4, 0], reference)).toBe(1);
    expect(topQuarterRho([0, 4, 0, 0, 0, 0, 5, 0], reference)).toBe(-1);
    expect(topQuarter([1, 2, 3])).toHaveLength(2);
  });

  it("ranks each of a set among the others as SciPy ranks the set", () => {
    KNOWN.averageRank.scores.forEach((scores, domain) => {
      const ranks = scores.map((score, i) =>
        rankAmong(
          score,
          scores.filter((_, j) => j !== i),
        ),
      );
      expect(ranks).toEqual(KNOWN.averageRank.ranks[domain]);
    });
  });

  it("recovers, ranks and averages", () => {
    expect(recovery([1, 2], [2, 2])).toBe(0.75);
    expect(recovery([1], [0])).toBeNaN();
    expect(rankAmong(5, [7, 5, 3])).toBe(2.5);
    expect(rankAmong(9, [7, 5, 3])).toBe(1);
    expect(rankAmong(1, [7, 5, 3])).toBe(4);
    expect(macroRho([0.9, Number.NaN, 0.6])).toBeCloseTo(0.5, 12);
  });
});
