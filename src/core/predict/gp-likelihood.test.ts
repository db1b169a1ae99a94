import { expect, it } from "vitest";
import { sampleMixtures } from "../mixture/sampler";
import { type GpPriors, negativeLogLikelihood, pairDifferences } from "./gp-likelihood";
import { correlation, expMinus } from "./kernel";
import { minimise } from "./lbfgs";

const priors: GpPriors = { lengthScale: [0, 1], signal: [0, 1.5], jitter: [-7, 2.5] };
const n = 15;
const dims = 3;
const x = Float64Array.from(
  sampleMixtures({ components: dims, count: n, seed: 1, kind: "uniform" }).flat().map(Math.sqrt),
);
const y = Float64Array.from({ length: n }, (_, i) => Math.sin(3 * x[i * dims]!) + x[i * dims + 1]!);
const noise = new Float64Array(n).fill(0.01);

it.each(["rbf", "matern52"] as const)("has the gradient of its value (%s)", (kernel) => {
  const objective = negativeLogLikelihood(
    kernel,
    { n, dims, x, y, noise },
    pairDifferences(x, n, dims),
    priors,
  );
  const at = Float64Array.from([-0.5, 0.2, 0.4, -0.3, -3]);
  const gradient = new Float64Array(5);
  const scratch = new Float64Array(5);
  objective(at, gradient);
  at.forEach((v, i) => {
    const move = (by: number) => objective(at.with(i, v + by), scratch);
    expect((move(1e-5) - move(-1e-5)) / 2e-5).toBeCloseTo(gradient[i]!, 5);
  });
});

it("finds a minimum inside the box and at its wall", () => {
  const bowl = (p: Float64Array, g: Float64Array) => {
    g[0] = 2 * (p[0]! - 1) + 0.5 * p[1]!;
    g[1] = 20 * (p[1]! + 3) + 0.5 * p[0]!;
    return (p[0]! - 1) ** 2 + 10 * (p[1]! + 3) ** 2 + 0.5 * p[0]! * p[1]!;
  };
  const box = (v: number) => new Float64Array(2).fill(v);
  const inside = minimise(bowl, box(0), box(-9), box(9), { tolerance: 1e-12, maxEvaluations: 200 });
  const gradient = new Float64Array(2);
  bowl(inside.x, gradient);
  expect(Math.hypot(gradient[0]!, gradient[1]!)).toBeLessThan(1e-4);
  const wall = minimise(bowl, box(0), box(-2), box(9), { tolerance: 1e-12, maxEvaluations: 200 });
  expect(wall.x[1]).toBe(-2);
  expect(wall.x[0]).toBeCloseTo(1.5, 4);
});

it("has exact exponentials and correlations", () => {
  for (const q of [0, 1e-9, 0.03, 0.5, 3.2, 40, 700]) {
    expect(Math.abs(expMinus(q) / Math.exp(-q) - 1)).toBeLessThan(1e-14);
  }
  expect(expMinus(800)).toBe(0);
  expect(expMinus(Number.NaN)).toBeNaN();
  const q = Math.sqrt(5) * 0.7;
  expect(correlation("matern52", 0.49)).toBeCloseTo((1 + q + (q * q) / 3) * Math.exp(-q), 14);
  expect(correlation("rbf", 0.49)).toBeCloseTo(Math.exp(-0.245), 14);
});
