import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlannedItem } from "../score-plan";
import { passSizes, planPasses } from "./plan-passes";

const item = (at: number): PlannedItem => ({ task: 0, item: at, at, sequences: 1, trees: [] });

describe("passes", () => {
  it("hold all items in order, and read again little for what they compute", () => {
    const cases = fc.record({
      costs: fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 200 }),
      first: fc.integer({ min: 1, max: 5000 }),
    });
    fc.assert(
      fc.property(cases, ({ costs, first }) => {
        const cost = ({ at }: PlannedItem) => costs[at]!;
        const passes = planPasses(
          costs.map((_, i) => item(i)),
          cost,
          { first, growth: 4 },
        );
        expect(passes.flat().map(({ at }) => at)).toEqual(costs.map((_, i) => i));
        const sizes = passes.map((pass) => pass.reduce((n, i) => n + cost(i), 0));
        let before = 0;
        for (const size of sizes.slice(0, -1)) {
          expect(size).toBeGreaterThanOrEqual(Math.max(first, 4 * before));
          before += size;
        }
        const total = costs.reduce((a, b) => a + b, 0);
        expect(passes.length).toBeLessThanOrEqual(2 + Math.max(0, Math.log(total / first) / Math.log(5)));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("begin with more tokens where more is read for each", () => {
    const small = passSizes({ bytes: 1.2e9, parameters: 6e8, gpu: false });
    const eight = passSizes({ bytes: 9.6e9, parameters: 6e8, gpu: false });
    expect(eight.first).toBeGreaterThan(small.first);
    expect(passSizes({ bytes: 9.6e9, parameters: 6e8, gpu: true }).first).toBeGreaterThan(eight.first);
  });
});
