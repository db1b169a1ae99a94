import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random";
import { bootstrapInterval, normalCdf, normalQuantile, quantile, resample } from "./bootstrap";

describe("bootstrap", () => {
  it("draws n items with replacement", () => {
    const counts = new Float64Array(50);
    resample(counts, seededRandom(1));
    expect(counts.reduce((a, b) => a + b)).toBe(50);
    expect(counts.some((c) => c === 0) && counts.some((c) => c > 1)).toBe(true);
  });

  it("gives about the normal interval for a mean", () => {
    const random = seededRandom(2);
    const values = Array.from({ length: 300 }, () => random());
    const counts = new Float64Array(300);
    const draws = Array.from({ length: 2000 }, () => {
      resample(counts, random);
      return values.reduce((s, v, i) => s + v * counts[i]!, 0) / 300;
    });
    const mean = values.reduce((a, b) => a + b) / 300;
    const se = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / 300 / 300);
    const e = bootstrapInterval(mean, draws, 300);
    expect((e.high - e.low) / (2 * 1.96 * se)).toBeCloseTo(1, 1);
    expect((e.high + e.low) / 2).toBeCloseTo(mean, 2);
  });

  it("moves the interval up when the draws lie below the value", () => {
    const draws = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
    const e = bootstrapInterval(0.7, draws, 10);
    expect(e.low).toBeGreaterThan(0.1);
    expect(e.high).toBeGreaterThan(0.99);
    expect(bootstrapInterval(2, draws, 10).high).toBe(2);
  });

  it("has no interval where most draws are undefined", () => {
    expect(bootstrapInterval(0.5, [0.4, Number.NaN, Number.NaN, Number.NaN], 4).low).toBeNaN();
  });

  it("has the normal distribution right", () => {
    expect(normalCdf(1.959964)).toBeCloseTo(0.975, 6);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.959964, 4);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  });
});
