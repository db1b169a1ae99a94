import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toMixture } from "../core/mixture/mixture";
import { moveBoundary } from "../ui/stacked-bar";
import { alphaOfEffective, effectiveBar } from "./effective-bar";

const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 8 });

describe("effective data bar", () => {
  it("puts general data first where no component is the general one", () => {
    const bar = effectiveBar([0.5, 0.5], 0.5, null);
    expect(bar.components).toEqual([null, 0, 1]);
    expect(bar.shares).toEqual([0.5, 0.25, 0.25]);
    expect(bar.fixed).toEqual([true, false]);
  });
  it("keeps the general share at β or above", () => {
    const alpha = alphaOfEffective([0.3, 0.7], 0, 0.5, 0);
    expect(alpha).toEqual([0, 1]);
  });
  it("gives merge weights that sum to 1, whatever boundary moves where", () => {
    fc.assert(
      fc.property(
        weights,
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (w, b, at, g) => {
          const alpha = toMixture(w.map((x) => x + 1));
          const general = g ? 0 : null;
          const bar = effectiveBar(alpha, 0.5, general);
          const movable = bar.fixed.flatMap((f, i) => (f ? [] : [i]));
          const boundary = movable[b % movable.length]!;
          const next = alphaOfEffective(moveBoundary(bar.shares, boundary, at), boundary, 0.5, general);
          expect(next).toHaveLength(alpha.length);
          expect(Math.min(...next)).toBeGreaterThanOrEqual(0);
          expect(next.reduce((a, x) => a + x, 0)).toBeCloseTo(1, 9);
        },
      ),
    );
  });
});
