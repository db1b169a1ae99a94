import type { Mixture } from "../mixture/mixture";

export type BackendKind = "webgpu" | "wasm-threads" | "wasm" | "native" | "imported";

/** What was scored: the base itself, or the components merged at α. */
export type Subject = { readonly kind: "base" } | { readonly kind: "mixture"; readonly alpha: Mixture };

/** The content address is the SHA-256 of this record's canonical JSON. */
export interface MeasurementKey {
  readonly set: string;
  readonly tasks: string;
  readonly subject: Subject;
  readonly method: { readonly name: string; readonly parameters: Readonly<Record<string, number>> };
  readonly dtype: "float32";
}

/**
 * The central record: append-only, content-addressed. The backend is provenance and no part of the address: every
 * backend passed the start-up self-test and equals the others within 1e-3 nats, so a number is never computed twice.
 */
export interface Measurement {
  readonly address: string;
  readonly key: MeasurementKey;
  /** Item scores, `TaskSetLayout.floats` long; see ScoreBlock. */
  readonly scores: Float32Array;
  /** Items scored, in the fixed stratified order; equal to `total` when complete. */
  readonly done: number;
  readonly total: number;
  readonly backend: BackendKind;
  /** "measured" in this browser, "shipped" with the set, "imported" from a file. */
  readonly origin: "measured" | "shipped" | "imported";
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Seconds of scoring, all parts together. */
  readonly seconds: number;
  /** Version of the scoring engine and of onnxruntime. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A run really trained on α, scored at `fraction` of its token budget (1 = the reference; less = a trained proxy). */
export interface TrainedRun {
  readonly id: string;
  readonly split: "report" | "tune";
  readonly alpha: Mixture;
  readonly seed: number;
  /** Tokens trained on at this checkpoint, after the base. */
  readonly tokens: number;
  readonly fraction: number;
  readonly scores: Float32Array;
}

/** A number with its 95 % interval and the count of items behind it; low = high = NaN where none can exist. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** "macro", "domain:<id>" or "task:<id>": what a score, a prediction or a colour refers to. */
export type TargetId = string;
