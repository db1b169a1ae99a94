import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { standardError, student95 } from "./interval";
import { formatMetric, METRICS, metricEstimate } from "./metrics";
import { choiceFacts, smallLayout, textFacts } from "./small-layout";
import type { MetricId, TaskLayout } from "./task";

const NaN_ = Number.NaN;
const choices = smallLayout([
  {
    id: "c",
    domain: "d",
    outputType: "multiple_choice",
    accuracy: "acc",
    continuous: "gold_prob",
    facts: [
      choiceFacts(0, [4, 2]),
      choiceFacts(1, [2, 8, 2]),
      choiceFacts(0, [3, 3]),
      choiceFacts(1, [1, 1]),
    ],
  },
]).tasks[0]!;
const choiceScores = Float32Array.from([-1, -2, NaN_, -3, -4, -5, -2, -2, NaN_, NaN_, NaN_, NaN_]);

const texts = smallLayout([
  {
    id: "t",
    domain: "d",
    outputType: "loglikelihood_rolling",
    accuracy: "token_acc",
    continuous: "byte_prob",
    facts: [textFacts(10, 4), textFacts(30, 8)],
  },
]).tasks[0]!;
const textScores = Float32Array.from([-7, 1, -13, 5]);

const sums = smallLayout([
  {
    id: "g",
    domain: "d",
    outputType: "generate_until",
    accuracy: "exact_match",
    continuous: "target_prob",
    facts: [textFacts(2, 2), textFacts(3, 3), textFacts(1, 1)],
  },
]).tasks[0]!;
const sumScores = Float32Array.from([1, -1, 0, -4, NaN_, NaN_]);

const value = (metric: MetricId, task: TaskLayout, scores: Float32Array) =>
  metricEstimate(metric, task, scores).value;

describe("metricEstimate", () => {
  it("computes choice metrics over the items scored so far", () => {
    expect(metricEstimate("acc", choices, choiceScores)).toMatchObject({ value: 2 / 3, n: 3 });
    // Per character: −.25 > −1 no longer; −1/4 vs −2/2: first; −3/2, −4/8, −5/2: second is the gold one.
    expect(value("acc_norm", choices, choiceScores)).toBe(1);
    const p0 = 1 / (1 + Math.exp(-1));
    const p1 = Math.exp(-1) / (1 + Math.exp(-1) + Math.exp(-2));
    expect(value("gold_prob", choices, choiceScores)).toBeCloseTo((p0 + p1 + 0.5) / 3, 7);
    expect(value("gold_ll", choices, choiceScores)).toBeCloseTo((-1 - 4 - 2) / 3, 7);
    expect(value("gold_margin", choices, choiceScores)).toBeCloseTo((1 - 1 + 0) / 3, 7);
  });

  it("lets the first of equal choices win, as numpy's argmax does", () => {
    const both = (gold: number) => ({ ...choices, facts: choices.facts.map((f) => ({ ...f, gold })) });
    const tie = new Float32Array(12).fill(-1);
    expect(value("acc", both(0), tie)).toBe(1);
    expect(value("acc", both(1), tie)).toBe(0);
  });

  it("takes ratios of sums over texts and targets", () => {
    expect(value("token_acc", texts, textScores)).toBeCloseTo(6 / 12, 12);
    const bits = 20 / Math.LN2 / 40;
    expect(value("bits_per_byte", texts, textScores)).toBeCloseTo(bits, 12);
    expect(value("byte_prob", texts, textScores)).toBeCloseTo(2 ** -bits, 12);
    expect(value("exact_match", sums, sumScores)).toBe(0.5);
    expect(value("target_prob", sums, sumScores)).toBeCloseTo(Math.exp(-1), 12);
    expect(value("target_ll", sums, sumScores)).toBeCloseTo(-2.5, 12);
  });

  it("has the linearised standard error of a ratio", () => {
    // r = −.5; residuals −7 + 5 = −2 and −13 + 15 = 2; se = √(2 · 8) / 40 = .1, in bits / ln 2.
    const e = metricEstimate("bits_per_byte", texts, textScores);
    expect(e.high - e.value).toBeCloseTo((student95(1) * 0.1) / Math.LN2, 8);
    expect(e.low).toBe(0);
  });

  it("has no value without items and no interval with one", () => {
    expect(metricEstimate("acc", choices, new Float32Array(12).fill(NaN_))).toEqual({
      value: NaN_,
      low: NaN_,
      high: NaN_,
      n: 0,
    });
    const one = Float32Array.from([-1, -2, ...new Array(10).fill(NaN_)]);
    expect(metricEstimate("acc", choices, one)).toEqual({ value: 1, low: NaN_, high: NaN_, n: 1 });
  });

  it("keeps a width at 0 and 1", () => {
    const right = Float32Array.from([-1, -2, NaN_, -3, -1, -5, -1, -2, NaN_, -2, -1, NaN_]);
    const e = metricEstimate("acc", choices, right);
    expect(e.value).toBe(1);
    expect(e.high).toBe(1);
    expect(e.low).toBeGreaterThan(0.1);
    expect(e.low).toBeLessThan(0.6);
  });

  it("stays inside the metric's range and around its value", () => {
    const metrics: MetricId[] = ["acc", "acc_norm", "gold_prob", "gold_ll", "gold_margin"];
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -50, max: 0, noNaN: true }), { minLength: 12, maxLength: 12 }),
        fc.constantFrom(...metrics),
        (scores, metric) => {
          const e = metricEstimate(metric, choices, Float32Array.from(scores));
          const [low, high] = METRICS[metric].range;
          expect(e.low).toBeGreaterThanOrEqual(low);
          expect(e.high).toBeLessThanOrEqual(high);
          expect(e.low).toBeLessThanOrEqual(e.value + 1e-12);
          expect(e.high).toBeGreaterThanOrEqual(e.value - 1e-12);
        },
      ),
    );
  });
});

describe("student95", () => {
  it("equals the tabulated points", () => {
    const known = {
      1: 12.70620474,
      2: 4.30265273,
      5: 2.57058184,
      7: 2.36462425,
      8: 2.30600414,
      10: 2.22813885,
    };
    for (const [d, t] of Object.entries(known)) expect(student95(Number(d))).toBeCloseTo(t, 4);
    expect(student95(20)).toBeCloseTo(2.08596345, 6);
    expect(student95(199)).toBeCloseTo(1.97195654, 7);
    expect(student95(0)).toBeNaN();
  });

  it("gives the standard error back from an interval", () => {
    // Margins 1, −1, 0: deviation 1.
    expect(standardError(metricEstimate("gold_margin", choices, choiceScores))).toBeCloseTo(
      1 / Math.sqrt(3),
      12,
    );
  });
});

describe("formatMetric", () => {
  it("writes shares in percent, bits with three decimals and nats with two", () => {
    expect(formatMetric("acc", 0.4125)).toBe("41.3 %");
    expect(formatMetric("bits_per_byte", 1.5283)).toBe("1.528");
    expect(formatMetric("gold_ll", -5.004)).toBe("−5.00");
    expect(formatMetric("acc", NaN_)).toBe("–");
  });
});
