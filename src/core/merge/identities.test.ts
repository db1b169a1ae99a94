import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOCK, PlainOps, type Precision } from "./block-ops";
import type { MergeMethod, MergeSettings } from "./merge-method";
import { MERGE_METHODS } from "./registry";
import { mergedBy, relativeDifference, taskOf } from "./task.fixture";

/** One rounding to the precision, as a part of the largest value. */
const UNIT: Readonly<Record<Precision, number>> = {
  float32: 2 ** -23,
  bfloat16: 2 ** -8,
  float16: 2 ** -11,
};

const named = (name: string): MergeMethod => MERGE_METHODS.find((m) => m.name === name)!;
const weighted = MERGE_METHODS.filter((m) => m.weighted);
const countOf = ({ models }: MergeMethod): number => Math.min(3, models.max);

/** A base and components around it, from a seed. */
const sets = fc
  .record({ seed: fc.integer({ min: 1, max: 2 ** 30 }), length: fc.integer({ min: 1, max: 500 }) })
  .map(({ seed, length }) => {
    let state = seed;
    const next = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 8) / 2 ** 23 - 1;
    };
    const base = Float32Array.from({ length }, () => 0.05 * next());
    return { base, tensors: [0, 1, 2].map(() => base.map((x) => x + 0.01 * next())) };
  });

const mixtures = fc
  .array(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 3 })
  .map((parts) => parts.map((x) => x / parts.reduce((a, b) => a + b)));

/** The base where the method takes one. */
const baseFor = (method: MergeMethod, base: Float32Array) => (method.base === "needed" ? base : undefined);

const PRECISIONS = ["float32", "bfloat16", "float16"] as const;

describe("identities", () => {
  it("task arithmetic is linear where the weights sum to 1", () => {
    fc.assert(
      fc.property(sets, mixtures, fc.constantFrom(...PRECISIONS), ({ base, tensors }, weights, precision) => {
        const merged = mergedBy(named("task_arithmetic"), { tensors, base, weights, precision });
        const linear = mergedBy(named("linear"), { tensors, weights, precision });
        // Weights round to 16 bits too, so that their sum is off by up to three units.
        expect(relativeDifference(merged, linear)).toBeLessThan(4 * UNIT[precision]);
      }),
      { seed: 1 },
    );
  });

  it("at density 1 dare, breadcrumbs and della_linear are task arithmetic, bit by bit", () => {
    fc.assert(
      fc.property(sets, mixtures, fc.boolean(), ({ base, tensors }, weights, normalize) => {
        const parts = { tensors, base, weights, settings: { normalize: Number(normalize) } };
        const plain = mergedBy(named("task_arithmetic"), parts);
        for (const name of ["dare_linear", "breadcrumbs", "della_linear"])
          expect(mergedBy(named(name), { ...parts, own: { density: 1 } }), name).toEqual(plain);
      }),
      { seed: 1 },
    );
  });

  it.each(weighted)("$name gives Θ_i back for α = e_i at density 1", (method) => {
    fc.assert(
      fc.property(sets, fc.nat(countOf(method) - 1), ({ base, tensors }, i) => {
        const own = tensors.slice(0, countOf(method));
        const weights = own.map((_, k) => Number(k === i));
        const merged = mergedBy(method, { tensors: own, base: baseFor(method, base), weights });
        expect(relativeDifference(merged, own[i]!)).toBeLessThan(6 * UNIT.float32);
      }),
      { seed: 1 },
    );
  });

  it.each(MERGE_METHODS)("$name gives equal components back", (method) => {
    fc.assert(
      fc.property(sets, mixtures, ({ base, tensors }, all) => {
        const own = new Array<Float32Array>(countOf(method)).fill(tensors[0]!);
        const total = all.slice(0, own.length).reduce((a, b) => a + b);
        const weights = all.slice(0, own.length).map((w) => w / total);
        const settings: MergeSettings = method.name === "slerp" ? { t: 1 } : {};
        const merged = mergedBy(method, { tensors: own, base: baseFor(method, base), weights, settings });
        expect(relativeDifference(merged, tensors[0]!)).toBeLessThan(6 * UNIT.float32);
      }),
      { seed: 1 },
    );
  });

  it.each(MERGE_METHODS.filter((m) => m.elementwise))("$name gives the same bits for any slice", (method) => {
    const length = 2 * BLOCK + 77;
    const wave = (phase: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 0.37 + phase));
    const base = wave(0);
    const tensors = Array.from({ length: 3 }, (_, k) => wave(k + 1));
    const weights = [0.2, 0.5, 0.3];
    const whole = mergedBy(method, { tensors, base: baseFor(method, base), weights });
    for (const [from, to] of [
      [0, BLOCK],
      [BLOCK, length],
      [13, 14],
      [1000, 40_000],
    ] as const) {
      const part = mergedBy(method, {
        tensors: tensors.map((t) => t.slice(from, to)),
        base: baseFor(method, base.slice(from, to)),
        weights,
      });
      expect(part).toEqual(whole.slice(from, to));
    }
  });
});

describe("unusual tensors", () => {
  it.each(MERGE_METHODS.filter((m) => m.name !== "multislerp"))("$name gives zeros back", (method) => {
    const zero = new Float32Array(5);
    const tensors = new Array<Float32Array>(countOf(method)).fill(zero);
    expect(mergedBy(method, { tensors, base: baseFor(method, zero) })).toEqual(zero);
  });

  it("have no mean direction for multislerp: two are added up, more are refused", () => {
    const method = named("multislerp");
    const tensors = [Float32Array.of(2, 0), Float32Array.of(-1, 0), Float32Array.of(0, 0)];
    expect([...mergedBy(method, { tensors: tensors.slice(0, 2), weights: [1, 1] })]).toEqual([0.5, 0]);
    for (const opposed of [tensors, tensors.map(() => Float32Array.of(0, 0))]) {
      const task = taskOf(method, { tensors: opposed, weights: [1, 1, 1] });
      const result = method.merge(task, new PlainOps(), () => {});
      expect(!result.ok && result.problem.message).toMatch(/cancel out or vanish/);
    }
  });

  it("are refused where weights that divide sum to 0", () => {
    const method = named("multislerp");
    const task = taskOf(method, { tensors: [Float32Array.of(1), Float32Array.of(2)], weights: [1, -1] });
    const result = method.merge(task, new PlainOps(), () => {});
    expect(!result.ok && result.problem.message).toMatch(/weights sum to 0/);
  });
});
