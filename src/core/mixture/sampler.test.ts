import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMixture } from "./mixture";
import { applyCaps, type SamplerKind, STEP, sampleMixtures, sampleUnits, shareCaps } from "./sampler";

const kinds: SamplerKind[] = ["release", "uniform"];

describe("sampleMixtures", () => {
  it("draws distinct mixtures in steps of 2e-4 under all caps", () => {
    const prior = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(prior, fc.nat(), fc.constantFrom(...kinds), (sizes, seed, kind) => {
        const k = sizes.length;
        const found = sampleMixtures({ components: k, count: 20, seed, kind, prior: sizes });
        const total = sizes.reduce((a, b) => a + b);
        const caps = kind === "release" ? shareCaps(sizes.map((s) => s / total)) : sizes.map(() => 1);
        expect(found).toHaveLength(20);
        expect(new Set(found.map(String)).size).toBe(20);
        for (const alpha of found) {
          expect(isMixture(alpha, k)).toBe(true);
          alpha.forEach((a, i) => {
            expect(a).toBeLessThanOrEqual(caps[i]! + 1e-9);
            expect(Math.abs(a / STEP - Math.round(a / STEP))).toBeLessThan(1e-6);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it("repeats for a seed and leaves out what is excluded", () => {
    const ask = { components: 5, count: 64, seed: 3, kind: "release" } as const;
    const first = sampleMixtures(ask);
    expect(sampleMixtures(ask)).toEqual(first);
    const again = sampleMixtures({ ...ask, exclude: first.slice(0, 10) });
    expect(again.slice(0, 54)).toEqual(first.slice(10));
    expect(sampleMixtures({ ...ask, seed: 4 })).not.toEqual(first);
  });

  it("centres on the prior, whole simplex when uniform", () => {
    const prior = [6, 3, 1];
    const mean = (kind: SamplerKind) => {
      const found = sampleMixtures({ components: 3, count: 4000, seed: 1, kind, prior });
      return [0, 1, 2].map((i) => found.reduce((s, a) => s + a[i]!, 0) / found.length);
    };
    const release = mean("release");
    expect(release[0]!).toBeGreaterThan(release[1]!);
    expect(release[1]!).toBeGreaterThan(release[2]!);
    for (const share of mean("uniform")) expect(share).toBeCloseTo(1 / 3, 1);
    const uniform = sampleMixtures({ components: 3, count: 4000, seed: 1, kind: "uniform" });
    // The share of one component is Beta(1, 2): P(share > .5) = .25.
    expect(uniform.filter((a) => a[0]! > 0.5).length / 4000).toBeCloseTo(0.25, 1);
  });

  it("survives tiny concentrations, sources of size 0 and a single component", () => {
    const thin = sampleMixtures({ components: 3, count: 50, seed: 1, kind: "release", prior: [1e9, 1e9, 1] });
    expect(thin.every((a) => isMixture(a, 3))).toBe(true);
    const none = sampleMixtures({ components: 3, count: 20, seed: 1, kind: "release", prior: [1, 1, 0] });
    expect(none.every((a) => a[2] === 0)).toBe(true);
    expect(sampleMixtures({ components: 1, count: 5, seed: 1, kind: "uniform" })).toEqual([[1]]);
    expect(() => sampleUnits({ components: 2, count: 1, seed: 1, kind: "release", prior: [1] })).toThrow(
      RangeError,
    );
  });
});

describe("applyCaps", () => {
  it("holds every cap where one pass would break a later one again", () => {
    const shares = Float64Array.from([0.9, 0.09, 0.01]);
    applyCaps(shares, [0.4, 0.3, 1]);
    expect([...shares].map((s) => Number(s.toFixed(12)))).toEqual([0.4, 0.3, 0.3]);
  });
});
