import { solveLower } from "./cholesky";
import { correlation } from "./kernel";
import type { GpModel, Prediction } from "./surface";

/** Posterior mean and standard deviation of the latent score at α, in the target's unit. */
export function predict(model: GpModel, alpha: readonly number[]): Prediction {
  const point = Float64Array.from(alpha, (a) => Math.sqrt(Math.max(0, a)));
  const { mean, sd } = predictMany(model, point, alpha.length, true);
  return { mean: mean[0]!, sd: sd![0]! };
}

/**
 * Posterior means at many points, and standard deviations if asked (n² a point instead of n). `sqrtAlphas` is
 * points × dims, row-major; 1,500 points on 60 rows take about 2 ms without standard deviations.
 */
export function predictMany(
  model: GpModel,
  sqrtAlphas: Float64Array,
  dims: number,
  withSd = false,
): { mean: Float64Array; sd?: Float64Array } {
  if (dims !== model.dims)
    throw new RangeError(`predictMany: ${dims} components, the model has ${model.dims}`);
  const points = sqrtAlphas.length / dims;
  const { n, signalVariance, weights, factor } = model;
  const rows = scaled(model.x, model.lengthScales, dims);
  const mean = new Float64Array(points);
  const sd = withSd ? new Float64Array(points) : undefined;
  const point = new Float64Array(dims);
  const column = new Float64Array(n);
  const inverseScale = model.lengthScales.map((l) => 1 / l);
  for (let p = 0; p < points; p++) {
    for (let d = 0; d < dims; d++) point[d] = sqrtAlphas[p * dims + d]! * inverseScale[d]!;
    let sum = 0;
    for (let i = 0, at = 0; i < n; i++) {
      let distance = 0;
      for (let d = 0; d < dims; d++) {
        const gap = point[d]! - rows[at++]!;
        distance += gap * gap;
      }
      const k = correlation(model.kernel, distance);
      column[i] = k;
      sum += k * weights[i]!;
    }
    mean[p] = model.mean + signalVariance * sum;
    if (!sd) continue;
    solveLower(factor, n, column);
    let explained = 0;
    for (let i = 0; i < n; i++) explained += column[i]! * column[i]!;
    sd[p] = Math.sqrt(Math.max(0, signalVariance - signalVariance * signalVariance * explained));
  }
  return sd ? { mean, sd } : { mean };
}

/** Rows divided by ℓ. */
function scaled(x: Float64Array, lengthScales: Float64Array, dims: number): Float64Array {
  return x.map((v, i) => v / lengthScales[i % dims]!);
}
