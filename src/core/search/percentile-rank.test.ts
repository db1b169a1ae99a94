import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMixture } from "../mixture/mixture";
import { diverseTop, totalVariation } from "./diverse";
import { meanPercentileRank, percentileRanks, topIndices } from "./percentile-rank";
import { meanMixture, recommend } from "./recommend";

describe("percentile ranks", () => {
  it("share the middle of their range when tied", () => {
    expect([...percentileRanks(Float64Array.from([1, 2, 2, 3, 5]))]).toEqual([0.1, 0.4, 0.4, 0.7, 0.9]);
  });

  it("average 1/2 and keep the order", () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, (list) => {
        const ranks = percentileRanks(Float64Array.from(list));
        expect(ranks.reduce((a, b) => a + b) / list.length).toBeCloseTo(0.5, 12);
        list.forEach((v, i) => {
          if (i > 0 && v > list[i - 1]!) expect(ranks[i]!).toBeGreaterThan(ranks[i - 1]!);
        });
      }),
    );
  });

  it("count every target the same, whatever its spread", () => {
    const mean = meanPercentileRank([Float64Array.from([0, 100, 50]), Float64Array.from([0.3, 0.1, 0.2])]);
    expect([...mean].map((m) => Number(m.toFixed(12)))).toEqual([0.5, 0.5, 0.5]);
  });

  it("find the largest, ties in order", () => {
    expect(topIndices(Float64Array.from([1, 5, 3, 5, 2]), 3)).toEqual([1, 3, 2]);
    expect(topIndices(Float64Array.from([1, 2]), 9)).toEqual([1, 0]);
  });
});

describe("diverseTop", () => {
  it("takes the best that are not near duplicates", () => {
    const ranked = [
      [0.5, 0.5],
      [0.51, 0.49],
      [0.6, 0.4],
      [0.3, 0.7],
    ];
    expect(diverseTop(ranked, 2, [])).toEqual([ranked[0], ranked[2]]);
    expect(diverseTop(ranked, 2, [[0.5, 0.5]])).toEqual([ranked[2], ranked[3]]);
    expect(diverseTop(ranked, 9, [])).toHaveLength(4);
    expect(totalVariation([1, 0], [0, 1])).toBe(1);
  });
});

describe("recommend", () => {
  it("refuses to rank by a target that has no prediction", () => {
    const result = recommend({
      surface: { models: {}, rows: 9, skipped: { "domain:a": "Every score is the same." } },
      targets: ["domain:a"],
      components: 2,
      prior: [1, 1],
      candidates: 10,
      keep: 2,
      seed: 1,
    });
    expect(result).toMatchObject({ ok: false, problem: { message: "Every score is the same." } });
  });

  it("averages onto the grid", () => {
    const mean = meanMixture([
      [0.3334, 0.3333, 0.3333],
      [1, 0, 0],
      [0, 0.0002, 0.9998],
    ]);
    expect(isMixture(mean, 3)).toBe(true);
    expect(mean[0]).toBeCloseTo(0.4445, 4);
  });
});
