import { fail, ok, type Result } from "../result";
import type { TargetId } from "../scoring/measurement";
import { childSeed, seededRandom } from "../seeded-random";
import { type GpData, type GpPriors, negativeLogLikelihood, pairDifferences } from "./gp-likelihood";
import { gpPosterior } from "./gp-posterior";
import { type Minimum, minimise } from "./lbfgs";
import type { FitRow, GpModel, Surface } from "./surface";

export { predict, predictMany } from "./gp-predict";

/** Distinct mixtures needed before anything is fitted. */
export const minimumRows = (components: number): number => Math.max(6, components + 2);

const PRIORS: GpPriors = { lengthScale: [0, 1], signal: [0, 1.5], jitter: [Math.log(1e-3), 2.5] };
const LOG_LOW = { lengthScale: Math.log(0.03), signal: Math.log(1e-3), jitter: Math.log(1e-6) };
const LOG_HIGH = { lengthScale: Math.log(30), signal: Math.log(1e3), jitter: 0 };

/**
 * Gaussian process on √α for one target: constant mean, squared exponential kernel with one length scale a component,
 * noise = the rows' squared standard errors plus one fitted variance. Parameters maximise the log marginal likelihood with
 * weak priors, from two fixed and (few rows) two seeded starts. "not-enough-data" below `minimumRows` distinct mixtures
 * or when all values are equal.
 */
export function fitGp(rows: readonly FitRow[], target: TargetId, seed: number): Result<GpModel> {
  const used = rows.filter((row) => Number.isFinite(row.values[target]?.value));
  const dims = rows[0]?.alpha.length ?? 0;
  const distinct = new Set(used.map((row) => row.alpha.join(" "))).size;
  const needed = minimumRows(dims);
  if (distinct < needed) {
    return fail(
      "not-enough-data",
      `${target}: ${distinct} mixtures are measured and ${needed} are needed to predict.`,
      {
        remedy: "Measure more mixtures.",
      },
    );
  }
  const n = used.length;
  const values = Float64Array.from(used, (row) => row.values[target]!.value);
  const centre = values.reduce((a, b) => a + b, 0) / n;
  const scale = Math.sqrt(values.reduce((s, v) => s + (v - centre) ** 2, 0) / n);
  if (!(scale > 1e-12 * Math.max(1, Math.abs(centre)))) {
    return fail(
      "not-enough-data",
      `${target}: every measured mixture has the same score, so nothing can be predicted.`,
    );
  }
  const x = Float64Array.from(used.flatMap((row) => row.alpha.map((a) => Math.sqrt(a))));
  const errors = Float64Array.from(used, (row) => {
    const { se } = row.values[target]!;
    return Number.isFinite(se) ? (se / scale) ** 2 : 0;
  });
  const data: GpData = { n, dims, x, y: values.map((v) => (v - centre) / scale), noise: errors };
  const best = maximiseLikelihood(data, childSeed(seed, target.length));
  const jitter = Math.exp(best.x[dims + 1]!);
  const model = gpPosterior(
    target,
    x,
    values,
    errors.map((e) => (e + jitter) * scale * scale),
    {
      lengthScales: best.x.slice(0, dims).map(Math.exp),
      signalVariance: Math.exp(best.x[dims]!) * scale * scale,
      mean: "estimated",
    },
  );
  return model
    ? ok(model)
    : fail("not-enough-data", `${target}: the measurements do not determine a prediction.`);
}

/**
 * One model a target. Targets that cannot be fitted are left out and named in `skipped`; a failure only when none can.
 */
export function fitSurface(
  rows: readonly FitRow[],
  targets: readonly TargetId[],
  seed: number,
): Result<Surface> {
  const models: Record<TargetId, GpModel> = {};
  const skipped: Record<TargetId, string> = {};
  let first: Result<GpModel> | null = null;
  for (const target of targets) {
    const fitted = fitGp(rows, target, seed);
    if (fitted.ok) models[target] = fitted.value;
    else {
      first ??= fitted;
      skipped[target] = fitted.problem.message;
    }
  }
  if (first && !first.ok && Object.keys(models).length === 0) return first;
  return ok({ models, rows: rows.length, skipped });
}

function maximiseLikelihood(data: GpData, seed: number): Minimum {
  const { n, dims } = data;
  const objective = negativeLogLikelihood(data, pairDifferences(data.x, n, dims), PRIORS);
  const box = (of: { lengthScale: number; signal: number; jitter: number }) =>
    Float64Array.from({ length: dims + 2 }, (_, i) =>
      i < dims ? of.lengthScale : i === dims ? of.signal : of.jitter,
    );
  const random = seededRandom(seed);
  const starts = [
    box({ lengthScale: Math.log(0.7), signal: 0, jitter: Math.log(1e-3) }),
    box({ lengthScale: Math.log(2), signal: Math.log(4), jitter: Math.log(1e-2) }),
  ];
  const low = box(LOG_LOW);
  const high = box(LOG_HIGH);
  if (n <= 40) {
    for (let extra = 0; extra < 2; extra++) {
      starts.push(starts[0]!.map((v) => v + 2 * (random() - 0.5)));
    }
  }
  let best: Minimum | null = null;
  for (const start of starts) {
    const found = minimise(objective, start, low, high);
    if (!best || found.value < best.value) best = found;
  }
  return best!;
}
