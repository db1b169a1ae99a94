import { describe, expect, it } from "vitest";
import { barHeight, barPitch } from "./journal-bars";

describe("bars of the journal", () => {
  it("grow with the score inside the scale", () => {
    const scale = { low: 0.4, high: 0.6 };
    expect(barHeight(0.4, scale)).toBeCloseTo(0.16);
    expect(barHeight(0.6, scale)).toBeCloseTo(1);
    expect(barHeight(0.9, scale)).toBeCloseTo(1);
    expect(barHeight(Number.NaN, scale)).toBeLessThan(0.16);
  });
  it("fill the strip, and scroll when they would be too narrow", () => {
    expect(barPitch(24, 1200)).toBe(16);
    expect(barPitch(150, 1204)).toBe(8);
    expect(barPitch(5000, 1200)).toBe(5);
  });
});
