import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toMixture } from "../mixture/mixture";
import { linear } from "./linear";
import { completeSettings } from "./merge-method";

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
const tensor = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true, noDefaultInfinity: true });
const mixture = (k: number) =>
  fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: k, maxLength: k })
    .filter((w) => w.some((x) => x > 0))
    .map(toMixture);
const merge = (tensors: Float32Array[], weights: readonly number[], normalize = 1) => {
  const out = new Float32Array(tensors[0]!.length);
  linear.merge(tensors, weights, out, { settings: { normalize } });
  return out;
};

/** Float32 values counted in order, so that neighbours differ by 1 and −0 equals 0. */
function ordinal(value: number): number {
  const word = new Int32Array(new Float32Array([value]).buffer)[0]!;
  return word < 0 ? -(word & 0x7fffffff) : word;
}

describe("linear", () => {
  it("is Σ wᵢ Θᵢ, divided by Σ wᵢ when normalising", () => {
    const tensors = [new Float32Array([1, 2, -4]), new Float32Array([3, -2, 0])];
    expect([...merge(tensors, [0.25, 0.75])]).toEqual([2.5, -1, -1]);
    expect([...merge(tensors, [1, 3])]).toEqual([2.5, -1, -1]);
    expect([...merge(tensors, [1, 3], 0)]).toEqual([10, -4, -4]);
    expect([...merge(tensors, [2, -1])]).toEqual([-1, 6, -8]);
  });

  it("gives Θ_i exactly for α = e_i, whatever stands elsewhere", () => {
    fc.assert(
      fc.property(tensor(9), tensor(9), fc.constantFrom(0, 1, 2), (own, other, i) => {
        const alpha = [0, 0, 0];
        alpha[i] = 1;
        const tensors = [other, other.map((x) => -x), new Float32Array(9).fill(Number.NaN)];
        tensors[i] = own;
        expect(merge(tensors, alpha)).toEqual(own);
      }),
      { seed: 1 },
    );
  });

  it("gives equal components back within one unit in the last place", () => {
    const cases = fc.integer({ min: 1, max: 64 }).chain((k) => fc.tuple(tensor(7), mixture(k)));
    fc.assert(
      fc.property(cases, ([values, alpha]) => {
        const merged = merge(
          alpha.map(() => values),
          alpha,
        );
        for (let i = 0; i < 7; i++)
          expect(Math.abs(ordinal(merged[i]!) - ordinal(values[i]!))).toBeLessThanOrEqual(1);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("lies between the components, and does not depend on scale or on the length before it", () => {
    fc.assert(
      fc.property(finite, finite, mixture(2), (a, b, alpha) => {
        const [merged] = merge([new Float32Array([a]), new Float32Array([b])], alpha);
        const spread = Math.max(Math.abs(a), Math.abs(b)) * 2 ** -22;
        expect(merged).toBeGreaterThanOrEqual(Math.min(a, b) - spread);
        expect(merged).toBeLessThanOrEqual(Math.max(a, b) + spread);
        const long = (x: number) => new Float32Array(10_000).fill(x);
        expect(merge([long(a), long(b)], alpha)[9_999]).toBe(merged);
      }),
      { seed: 1 },
    );
  });

  it("may write into one of its inputs", () => {
    const a = new Float32Array(5000).fill(1);
    linear.merge([a, new Float32Array(5000).fill(3)], [0.5, 0.5], a);
    expect(a).toEqual(new Float32Array(5000).fill(2));
  });

  it("refuses what only a bug can ask for", () => {
    const two = [new Float32Array(2), new Float32Array(2)];
    expect(() => merge(two, [1])).toThrow(RangeError);
    expect(() => merge([new Float32Array(2), new Float32Array(3)], [1, 1])).toThrow(RangeError);
    expect(() => merge(two, [1, -1])).toThrow(/sum to 0/);
    expect(() => merge(two, [1, Number.NaN])).toThrow(RangeError);
    expect(() => completeSettings(linear, { density: 1 })).toThrow(/no parameter "density"/);
    expect(() => completeSettings(linear, { normalize: 2 })).toThrow(RangeError);
    expect(() => completeSettings(linear, { normalize: 0.5 })).toThrow(RangeError);
  });
});
