import { spearman } from "../rank/spearman";
import { student95 } from "../scoring/interval";
import type { TargetId } from "../scoring/measurement";
import { choleskyInPlace, inverseFromCholesky, solveCholesky } from "./cholesky";
import { correlation, type KernelName } from "./kernel";
import type { GpModel, LeaveOneOut } from "./surface";

/** Everything but the data that fixes a Gaussian process; variances in the target's unit squared. */
export interface GpParameters {
  readonly kernel: KernelName;
  readonly lengthScales: Float64Array;
  readonly signalVariance: number;
  /** Prior mean; "estimated" takes the generalised least squares mean. */
  readonly mean: number | "estimated";
}

/**
 * Posterior of a Gaussian process with covariance σ² · correlation at fixed parameters, with its
 * leave-one-out check. `x` is n × dims, `y` in the target's unit, `noise` the variance of each row. Null when K + N is not
 * positive definite.
 */
export function gpPosterior(
  target: TargetId,
  x: Float64Array,
  y: Float64Array,
  noise: Float64Array,
  parameters: GpParameters,
): GpModel | null {
  const n = y.length;
  const dims = x.length / n;
  const { kernel, lengthScales, signalVariance } = parameters;
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let distance = 0;
      for (let d = 0; d < dims; d++)
        distance += ((x[i * dims + d]! - x[j * dims + d]!) / lengthScales[d]!) ** 2;
      factor[i * n + j] = signalVariance * correlation(kernel, distance);
    }
    factor[i * n + i] = signalVariance + noise[i]!;
  }
  if (!choleskyInPlace(factor, n)) return null;

  const ones = new Float64Array(n).fill(1);
  solveCholesky(factor, n, ones);
  const total = ones.reduce((a, b) => a + b, 0);
  const mean =
    parameters.mean === "estimated" ? ones.reduce((s, w, i) => s + w * y[i]!, 0) / total : parameters.mean;
  const weights = y.map((v) => v - mean);
  solveCholesky(factor, n, weights);

  const inverse = new Float64Array(n * n);
  inverseFromCholesky(factor, n, inverse, new Float64Array(n * n));
  const precision = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    precision[i] = inverse[i * n + i]! - (parameters.mean === "estimated" ? ones[i]! ** 2 / total : 0);
  }
  const loo = leaveOneOut(y, weights, precision);
  return {
    kind: "gp",
    target,
    kernel,
    n,
    dims,
    x,
    lengthScales,
    signalVariance,
    mean,
    weights,
    factor,
    loo,
  };
}

/**
 * Closed form (Rasmussen and Williams 2006, Eq. 5.12; with an estimated mean, Dubrule 1983): row i left out is predicted
 * as y_i − weight_i / precision_i with variance 1 / precision_i, noise included, at the parameters fitted with it.
 */
function leaveOneOut(y: Float64Array, weights: Float64Array, precision: Float64Array): LeaveOneOut {
  const n = y.length;
  const t = student95(Math.max(1, n - 1));
  const predicted = y.map((v, i) => v - weights[i]! / precision[i]!);
  let squares = 0;
  let inside = 0;
  for (let i = 0; i < n; i++) {
    const error = y[i]! - predicted[i]!;
    squares += error * error;
    if (Math.abs(error) <= t / Math.sqrt(precision[i]!)) inside++;
  }
  return { n, rho: spearman(predicted, y), rmse: Math.sqrt(squares / n), coverage: inside / n };
}
