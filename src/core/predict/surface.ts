import type { Mixture } from "../mixture/mixture";
import type { TargetId } from "../scoring/measurement";
import type { KernelName } from "./kernel";

/** One measured mixture as a predictor sees it: a value and its standard error for every target. */
export interface FitRow {
  readonly alpha: Mixture;
  readonly values: Readonly<Record<TargetId, { readonly value: number; readonly se: number }>>;
}

/** Leave-one-out check of a fit, shown beside every use of it. */
export interface LeaveOneOut {
  readonly n: number;
  /** Spearman ρ of left-out predictions against measured values; NaN where undefined. */
  readonly rho: number;
  /** Root mean squared error, in the target's unit. */
  readonly rmse: number;
  /** Share of left-out values inside their 95 % predictive interval. */
  readonly coverage: number;
}

/** A fitted Gaussian process for one target, as plain data: it crosses the worker boundary and predicts anywhere. */
export interface GpModel {
  readonly kind: "gp";
  readonly target: TargetId;
  readonly kernel: KernelName;
  readonly n: number;
  readonly dims: number;
  /** √α of the rows, n × dims, row-major. */
  readonly x: Float64Array;
  /** One length scale a dimension. */
  readonly lengthScales: Float64Array;
  readonly signalVariance: number;
  /** Prior mean (constant), in the target's unit. */
  readonly mean: number;
  /** (K + N)⁻¹ (y − mean), n. */
  readonly weights: Float64Array;
  /** Lower Cholesky factor of K + N, n × n, row-major. */
  readonly factor: Float64Array;
  readonly loo: LeaveOneOut;
}

export interface Surface {
  readonly models: Readonly<Record<TargetId, GpModel>>;
  readonly rows: number;
  /** Targets without a model (too few mixtures, or the same score everywhere), with the reason. */
  readonly skipped?: Readonly<Record<TargetId, string>>;
}

/** Posterior of the latent score (noise of a measurement not included), in the target's unit. */
export interface Prediction {
  readonly mean: number;
  readonly sd: number;
}
