import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sampleMixtures } from "../mixture/sampler";
import { student95 } from "../scoring/interval";
import { seededRandom } from "../seeded-random";
import { fitGp, fitSurface, minimumRows, predict, predictMany } from "./gaussian-process";
import { gpPosterior } from "./gp-posterior";
import type { FitRow, GpModel } from "./surface";

const ALPHAS = [
  [0.5, 0.3, 0.2],
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0.2, 0.2, 0.6],
  [0.1, 0.7, 0.2],
  [0.4, 0.4, 0.2],
  [0.25, 0.25, 0.5],
];
const VALUES = Float64Array.from([0.41, 0.35, 0.48, 0.3, 0.37, 0.46, 0.43, 0.4]);
const NOISE = Float64Array.from([1e-4, 2e-4, 1e-4, 3e-4, 1e-4, 1e-4, 5e-4, 1e-4]);
const QUERIES = [
  [0.3, 0.3, 0.4],
  [0, 0.5, 0.5],
  [0.9, 0.05, 0.05],
];
const roots = (alphas: readonly (readonly number[])[]) => Float64Array.from(alphas.flat().map(Math.sqrt));

/** scikit-learn 1.9.1, GaussianProcessRegressor, constant 0.004, scales .5 .8 1.2, y − 0.4, no optimiser. */
const KNOWN = {
  rbf: {
    mean: [0.4049913900128196, 0.4113200174708895, 0.36813123357820776],
    sd: [0.006030288596557298, 0.025403617885896974, 0.014183364694094095],
    rmse: 0.026504010456642347,
  },
  matern52: {
    mean: [0.40691192742114723, 0.4129030085012242, 0.36627481598874323],
    sd: [0.008358188717952603, 0.03398174398115779, 0.020936789497161715],
    rmse: 0.03495021646112644,
  },
} as const;

interface GpValues {
  readonly cases: readonly {
    readonly name: string;
    readonly alpha: number[][];
    readonly y: number[];
    readonly noise: number[];
    readonly constant: number;
    readonly lengthScales: number[];
    readonly test: number[][];
    readonly mean: number[];
    readonly sd: number[];
    readonly leaveOneOut: [mean: number, sd: number][];
  }[];
}
const REFERENCE = JSON.parse(readFileSync("reference/values/gp.json", "utf8")) as GpValues;

/** A smooth made-up score of a mixture, and rows measured with a little noise. */
const truth = (alpha: readonly number[]) =>
  0.3 + 0.2 * Math.sqrt(alpha[0]!) + 0.05 * Math.log(0.05 + alpha[1]!) - 0.1 * (alpha[2]! - 0.3) ** 2;
function rows(n: number, noise = 1e-4, seed = 1): FitRow[] {
  const random = seededRandom(seed + 100);
  return sampleMixtures({ components: 5, count: n, seed, kind: "uniform" }).map((alpha) => ({
    alpha,
    values: { macro: { value: truth(alpha) + noise * (random() - 0.5), se: 0 } },
  }));
}
function fitted(...args: Parameters<typeof fitGp>): GpModel {
  const result = fitGp(...args);
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

describe("posterior at fixed parameters", () => {
  it.each(["rbf", "matern52"] as const)("equals scikit-learn's with %s", (kernel) => {
    const lengthScales = Float64Array.from([0.5, 0.8, 1.2]);
    const model = gpPosterior("macro", roots(ALPHAS), VALUES, NOISE, {
      kernel,
      lengthScales,
      signalVariance: 0.004,
      mean: 0.4,
    })!;
    const known = KNOWN[kernel];
    const many = predictMany(model, roots(QUERIES), 3, true);
    QUERIES.forEach((alpha, i) => {
      const { mean, sd } = predict(model, alpha);
      expect(Math.abs(mean - known.mean[i]!)).toBeLessThan(1e-8);
      expect(Math.abs(sd - known.sd[i]!)).toBeLessThan(1e-8);
      expect(many.mean[i]).toBe(mean);
      expect(many.sd![i]).toBe(sd);
    });
    expect(Math.abs(model.loo.rmse - known.rmse)).toBeLessThan(1e-8);
  });

  it.each(REFERENCE.cases)("equals the committed scikit-learn values: $name", (c) => {
    const noise = Float64Array.from(c.noise);
    const model = gpPosterior("macro", roots(c.alpha), Float64Array.from(c.y), noise, {
      kernel: "rbf",
      lengthScales: Float64Array.from(c.lengthScales),
      signalVariance: c.constant,
      mean: 0,
    })!;
    const { mean, sd } = predictMany(model, roots(c.test), model.dims, true);
    c.mean.forEach((known, i) => {
      expect(Math.abs(mean[i]! - known)).toBeLessThan(1e-8);
      expect(Math.abs(sd![i]! - c.sd[i]!)).toBeLessThan(1e-8);
    });
    const errors = c.leaveOneOut.map(([m], i) => m - c.y[i]!);
    const rmse = Math.sqrt(errors.reduce((s, e) => s + e * e, 0) / errors.length);
    expect(Math.abs(model.loo.rmse - rmse)).toBeLessThan(1e-8);
    const t = student95(errors.length - 1);
    const inside = c.leaveOneOut.filter(
      ([, s], i) => Math.abs(errors[i]!) <= t * Math.hypot(s, Math.sqrt(noise[i]!)),
    );
    expect(model.loo.coverage).toBeCloseTo(inside.length / errors.length, 12);
  });

  it("leaves one out as fitting without it would, the mean estimated anew", () => {
    const parameters = {
      kernel: "matern52",
      lengthScales: Float64Array.from([0.5, 0.8, 1.2]),
      signalVariance: 0.004,
      mean: "estimated",
    } as const;
    const errors = ALPHAS.map((alpha, i) => {
      const without = <T>(list: ArrayLike<T>) => Array.from(list).filter((_, j) => j !== i);
      const rest = gpPosterior(
        "macro",
        roots(without(ALPHAS)),
        Float64Array.from(without(VALUES)),
        Float64Array.from(without(NOISE)),
        parameters,
      )!;
      return predict(rest, alpha).mean - VALUES[i]!;
    });
    const all = gpPosterior("macro", roots(ALPHAS), VALUES, NOISE, parameters)!;
    expect(all.loo.rmse).toBeCloseTo(Math.sqrt(errors.reduce((s, e) => s + e * e, 0) / 8), 10);
  });
});

describe("fitGp", () => {
  it("predicts a smooth score closely, with honest intervals", () => {
    const model = fitted(rows(40), "macro", 1);
    const fresh = sampleMixtures({ components: 5, count: 200, seed: 9, kind: "uniform" });
    const errors = fresh.map((alpha) => {
      const { mean, sd } = predict(model, alpha);
      return { error: Math.abs(mean - truth(alpha)), sd };
    });
    expect(Math.sqrt(errors.reduce((s, e) => s + e.error ** 2, 0) / 200)).toBeLessThan(0.01);
    expect(errors.filter((e) => e.error < 1.96 * e.sd + 1e-4).length / 200).toBeGreaterThan(0.85);
    expect(model.loo.rho).toBeGreaterThan(0.95);
  });

  it("is less certain away from the measurements and sure at them", () => {
    const near = rows(30).filter((r) => r.alpha[4]! < 0.3);
    const model = fitted(near, "macro", 1);
    const at = predict(model, near[0]!.alpha).sd;
    expect(predict(model, [0, 0, 0, 0, 1]).sd).toBeGreaterThan(3 * at);
  });

  it("is the same for the same rows and seed", () => {
    expect(fitted(rows(20), "macro", 5)).toEqual(fitted(rows(20), "macro", 5));
  });

  it("smooths what the rows call noise", () => {
    const noisy = rows(40, 0.2).map((r) => ({
      ...r,
      values: { macro: { value: r.values.macro!.value, se: 0.058 } },
    }));
    const model = fitted(noisy, "macro", 1);
    const rmse = (a: (alpha: readonly number[]) => number) =>
      Math.sqrt(noisy.reduce((s, r) => s + (a(r.alpha) - truth(r.alpha)) ** 2, 0) / 40);
    expect(rmse((alpha) => predict(model, alpha).mean)).toBeLessThan(0.045);
  });

  it("does not find a relation in pure noise", () => {
    const rhos = Array.from({ length: 12 }, (_, seed) => {
      const random = seededRandom(seed + 50);
      const list = rows(36, 0, seed).map((r) => ({ ...r, values: { macro: { value: random(), se: 0 } } }));
      return fitted(list, "macro", 1).loo.rho;
    });
    expect(Math.max(...rhos)).toBeLessThan(0.5);
    expect(rhos.reduce((a, b) => a + b) / 12).toBeLessThan(0.1);
  });

  it("says that there is not enough data", () => {
    const few = fitGp(rows(minimumRows(5) - 1), "macro", 1);
    expect(few).toMatchObject({ ok: false, problem: { kind: "not-enough-data" } });
    const one = rows(1)[0]!;
    const repeated = fitGp(
      Array.from({ length: 20 }, () => one),
      "macro",
      1,
    );
    expect(repeated.ok).toBe(false);
    const flat = rows(20).map((r) => ({ ...r, values: { macro: { value: 0.5, se: 0 } } }));
    const constant = fitGp(flat, "macro", 1);
    expect(constant.ok ? "" : constant.problem.message).toContain("same score");
    expect(fitGp([], "macro", 1).ok).toBe(false);
  });

  it("takes repeated mixtures and many rows", () => {
    const twice = rows(12);
    expect(fitGp([...twice, ...twice], "macro", 1).ok).toBe(true);
    expect(fitted(rows(140), "macro", 1).n).toBe(140);
  });

  it("predicts RegMix's held-out runs from 56 (skipped where their files are absent)", ({ skip }) => {
    const folder = "../shared/imports/regmix/";
    if (!existsSync(folder)) skip("the RegMix files are not on this machine");
    const table = (file: string) =>
      readFileSync(folder + file, "utf8")
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(",").map(Number));
    const losses = readFileSync(`${folder}train_pile_loss_1m.csv`, "utf8").split("\n")[0]!.split(",");
    const column = losses.indexOf("metric/the_pile_pile_cc_val_loss");
    const runs = (part: string) => {
      const loss = new Map(table(`${part}_pile_loss_1m.csv`).map((r) => [r[0], r[column]!]));
      return table(`${part}_mixture_1m.csv`).map(([index, ...shares]) => {
        const total = shares.reduce((a, b) => a + b);
        return { alpha: shares.map((s) => s / total), value: -loss.get(index)! };
      });
    };
    const train = runs("train")
      .filter((_, i) => i % 9 === 0)
      .slice(0, 56)
      .map(({ alpha, value }) => ({ alpha, values: { macro: { value, se: 0 } } }));
    const test = runs("test");
    const { mean } = predictMany(fitted(train, "macro", 1), roots(test.map((t) => t.alpha)), 17);
    const order = (v: ArrayLike<number>) =>
      Array.from(v, (_, i) => i)
        .sort((a, b) => v[a]! - v[b]!)
        .reduce<number[]>((r, i, k) => {
          r[i] = k;
          return r;
        }, []);
    const a = order(mean);
    const b = order(test.map((t) => t.value));
    const d2 = a.reduce((s, r, i) => s + (r - b[i]!) ** 2, 0);
    expect(1 - (6 * d2) / (256 * (256 ** 2 - 1))).toBeGreaterThan(0.96);
  });
});

describe("fitSurface", () => {
  it("fits what it can and names what it left out", () => {
    const both = rows(20).map((r) => ({
      ...r,
      values: { ...r.values, "task:flat": { value: 0, se: 0 } },
    }));
    const surface = fitSurface(both, ["macro", "task:flat", "task:unknown"], 1);
    if (!surface.ok) throw new Error(surface.problem.message);
    expect(Object.keys(surface.value.models)).toEqual(["macro"]);
    expect(Object.keys(surface.value.skipped ?? {})).toEqual(["task:flat", "task:unknown"]);
    expect(fitSurface(rows(3), ["macro"], 1).ok).toBe(false);
  });
});
