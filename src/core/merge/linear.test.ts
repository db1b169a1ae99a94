import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toMixture } from "../mixture/mixture";
import { sentence } from "../result";
import { PlainOps } from "./block-ops";
import { linear } from "./linear";
import { completeSettings } from "./merge-method";
import { mergedBy, ordinal, taskOf } from "./task.fixture";

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
const tensor = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true, noDefaultInfinity: true });
const mixture = (k: number) =>
  fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: k, maxLength: k })
    .filter((w) => w.some((x) => x > 0))
    .map(toMixture);
const merge = (tensors: Float32Array[], weights: readonly number[], normalize = 1) =>
  mergedBy(linear, { tensors, weights, settings: { normalize } });

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
        expect(merge(tensors, alpha).map((x) => x + 0)).toEqual(own.map((x) => x + 0));
      }),
      { seed: 1 },
    );
  });

  it("gives equal components back within one unit in the last place for each of them", () => {
    const cases = fc.integer({ min: 1, max: 64 }).chain((k) => fc.tuple(tensor(7), mixture(k)));
    fc.assert(
      fc.property(cases, ([values, alpha]) => {
        const tensors = alpha.map(() => values);
        const merged = merge(tensors, alpha);
        for (let i = 0; i < 7; i++)
          expect(Math.abs(ordinal(merged[i]!) - ordinal(values[i]!))).toBeLessThanOrEqual(alpha.length);
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
        const long = (x: number) => new Float32Array(20_000).fill(x);
        expect(merge([long(a), long(b)], alpha)[19_999]).toBe(merged);
      }),
      { seed: 1 },
    );
  });

  it("names the tensor where the weights cancel out", () => {
    const task = taskOf(linear, { tensors: [new Float32Array(2), new Float32Array(2)], weights: [1, -1] });
    const result = linear.merge(task, new PlainOps(), () => {});
    expect(!result.ok && sentence(result.problem)).toMatch(/^model.norm.weight: the weights sum to 0/);
  });

  it("refuses settings that it does not have", () => {
    expect(() => completeSettings(linear, "merge", { density: 1 })).toThrow(/no parameter "density"/);
    expect(() => completeSettings(linear, "merge", { normalize: 2 })).toThrow(RangeError);
    expect(() => completeSettings(linear, "merge", { normalize: 0.5 })).toThrow(RangeError);
  });
});
