import { solveLower } from "./cholesky";
import { correlateInPlace } from "./kernel";
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
  const { n, kernel, signalVariance, weights, factor, lengthScales } = model;
  const rows = scaledColumns(model);
  const mean = new Float64Array(points);
  const sd = withSd ? new Float64Array(points) : undefined;
  const column = new Float64Array(n);
  const inverse = lengthScales.map((l) => 1 / l);
  for (let p = 0; p < points; p++) {
    column.fill(0);
    for (let d = 0; d < dims; d++) {
      const x = sqrtAlphas[p * dims + d]! * inverse[d]!;
      const at = d * n;
      for (let i = 0; i < n; i++) {
        const gap = x - rows[at + i]!;
        column[i]! += gap * gap;
      }
    }
    correlateInPlace(kernel, column, n);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += column[i]! * weights[i]!;
    mean[p] = model.mean + signalVariance * sum;
    if (!sd) continue;
    solveLower(factor, n, column);
    let explained = 0;
    for (let i = 0; i < n; i++) explained += column[i]! * column[i]!;
    sd[p] = Math.sqrt(Math.max(0, signalVariance - signalVariance * signalVariance * explained));
  }
  return sd ? { mean, sd } : { mean };
}

/** The model's rows divided by the length scales, dimension by dimension. */
function scaledColumns({ x, n, dims, lengthScales }: GpModel): Float64Array {
  const columns = new Float64Array(n * dims);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < dims; d++) columns[d * n + i] = x[i * dims + d]! / lengthScales[d]!;
  }
  return columns;
}
