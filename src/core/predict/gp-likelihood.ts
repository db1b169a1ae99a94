import { choleskyInPlace, inverseFromCholesky } from "./cholesky";
import { correlation, type KernelName, scaleSlope } from "./kernel";
import type { Objective } from "./lbfgs";

/** Data of one target in standard units: √α (n × dims, row-major), values, noise variances. */
export interface GpData {
  readonly n: number;
  readonly dims: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly noise: Float64Array;
}

/** Squared differences of every pair i > j, dims numbers a pair: shared by all targets measured on the same rows. */
export function pairDifferences(x: Float64Array, n: number, dims: number): Float64Array {
  const out = new Float64Array(((n * (n - 1)) / 2) * dims);
  let at = 0;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      for (let d = 0; d < dims; d++) out[at++] = (x[i * dims + d]! - x[j * dims + d]!) ** 2;
    }
  }
  return out;
}

/** Weak log-normal beliefs (mean and standard deviation of the logarithm) that keep few rows from absurd scales. */
export interface GpPriors {
  readonly lengthScale: readonly [number, number];
  readonly signal: readonly [number, number];
  readonly jitter: readonly [number, number];
}

/**
 * Negative log marginal likelihood (plus the priors) of θ = (log ℓ_1 … log ℓ_dims, log σ², log jitter variance) with the
 * constant mean profiled out by generalised least squares, and its gradient (Rasmussen and Williams 2006, Eq. 5.9).
 */
export function negativeLogLikelihood(
  kernel: KernelName,
  data: GpData,
  pairs: Float64Array,
  priors: GpPriors,
): Objective {
  const { n, dims, y, noise } = data;
  const covariance = new Float64Array(n * n);
  const slopes = new Float64Array(n * n);
  const factor = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  const work = new Float64Array(n * n);
  const weights = new Float64Array(n);
  const rowSums = new Float64Array(n);
  const inverseSquares = new Float64Array(dims);
  const perDim = new Float64Array(dims);

  return (theta, gradient) => {
    for (let d = 0; d < dims; d++) inverseSquares[d] = Math.exp(-2 * theta[d]!);
    const signal = Math.exp(theta[dims]!);
    const jitter = Math.exp(theta[dims + 1]!);
    let at = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        let distance = 0;
        for (let d = 0; d < dims; d++) distance += pairs[at++]! * inverseSquares[d]!;
        const k = signal * correlation(kernel, distance);
        covariance[i * n + j] = k;
        factor[i * n + j] = k;
        slopes[i * n + j] = signal * scaleSlope(kernel, distance);
      }
      factor[i * n + i] = signal + jitter + noise[i]!;
    }
    if (!choleskyInPlace(factor, n)) return Number.POSITIVE_INFINITY;
    inverseFromCholesky(factor, n, inverse, work);

    let ones = 0;
    let onesY = 0;
    for (let i = 0; i < n; i++) {
      let row = 0;
      let rowY = 0;
      for (let j = 0; j < n; j++) {
        const v = inverse[i * n + j]!;
        row += v;
        rowY += v * y[j]!;
      }
      rowSums[i] = row;
      weights[i] = rowY;
      ones += row;
      onesY += rowY;
    }
    const mean = onesY / ones;
    let value = (n / 2) * Math.log(2 * Math.PI);
    for (let i = 0; i < n; i++) {
      weights[i]! -= mean * rowSums[i]!;
      value += Math.log(factor[i * n + i]!);
    }
    for (let i = 0; i < n; i++) value += ((y[i]! - mean) * weights[i]!) / 2;

    perDim.fill(0);
    let forSignal = 0;
    let forJitter = 0;
    at = 0;
    for (let i = 0; i < n; i++) {
      const wi = weights[i]!;
      for (let j = 0; j < i; j++) {
        const w = wi * weights[j]! - inverse[i * n + j]!;
        const g = w * slopes[i * n + j]!;
        forSignal += 2 * w * covariance[i * n + j]!;
        for (let d = 0; d < dims; d++) perDim[d]! += g * pairs[at++]!;
      }
      const diagonal = wi * wi - inverse[i * n + i]!;
      forSignal += diagonal * signal;
      forJitter += diagonal * jitter;
    }
    for (let d = 0; d < dims; d++) gradient[d] = -perDim[d]! * inverseSquares[d]!;
    gradient[dims] = -forSignal / 2;
    gradient[dims + 1] = -forJitter / 2;

    const belief = (i: number, [centre, width]: readonly [number, number]) => {
      const z = (theta[i]! - centre) / width;
      value += (z * z) / 2;
      gradient[i]! += z / width;
    };
    for (let d = 0; d < dims; d++) belief(d, priors.lengthScale);
    belief(dims, priors.signal);
    belief(dims + 1, priors.jitter);
    return value;
  };
}
