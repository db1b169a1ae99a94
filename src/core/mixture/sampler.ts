import { randomGamma } from "d3-random";
import { type RandomSource, seededRandom } from "../seeded-random";
import { GRID, type Mixture } from "./mixture";

/** "release": Dirichlet around the prior with caps, as the released code draws; "uniform": the paper's whole simplex. */
export type SamplerKind = "release" | "uniform";

export interface SampleRequest {
  readonly components: number;
  readonly count: number;
  readonly seed: number;
  readonly kind: SamplerKind;
  /** Dataset sizes (any unit) for "release"; equal when absent. */
  readonly prior?: readonly number[];
  /** Mixtures that must not be drawn again. */
  readonly exclude?: readonly Mixture[];
}

/** Shares are multiples of 2e-4, and smaller ones 0 (method §3). */
export const STEP = 2e-4;
const UNITS = Math.round(1 / STEP);
const TEMPERATURE = 0.7;
const STRENGTHS = Array.from({ length: 15 }, (_, i) => 0.5 * 10 ** (i / 14));
const CAP_FACTOR = 4;

/**
 * Distinct mixtures from the seed. Fewer than `count` come back only when the simplex's grid, the caps and `exclude`
 * leave no more to find (one component, for example).
 */
export function sampleMixtures(request: SampleRequest): Mixture[] {
  const { units, rows } = sampleUnits(request);
  const k = request.components;
  return Array.from({ length: rows }, (_, r) =>
    Array.from(units.subarray(r * k, (r + 1) * k), (u) => (u * (GRID / UNITS)) / GRID),
  );
}

/** The same draws as a flat matrix of multiples of 2e-4, row-major: what 200,000 candidates need. */
export function sampleUnits(request: SampleRequest): { units: Uint16Array; rows: number } {
  const { components: k, count, seed, kind } = request;
  if (!(k >= 1) || !(count >= 0))
    throw new RangeError("sampleMixtures: components ≥ 1 and count ≥ 0 are needed");
  const prior = kind === "release" ? normalised(request.prior, k) : Array.from({ length: k }, () => 1 / k);
  const random = seededRandom(seed);
  const draw =
    kind === "release"
      ? releaseDraw(prior, random)
      : dirichletLogs(
          prior.map(() => 1),
          random,
        );
  const caps = kind === "release" ? shareCaps(prior) : prior.map(() => 1);
  const capUnits = caps.map((c) => Math.floor(c * UNITS + 1e-9));
  const seen = new Set((request.exclude ?? []).map((alpha) => key(alpha.map((a) => a * UNITS))));
  const units = new Uint16Array(count * k);
  const shares = new Float64Array(k);
  let rows = 0;
  for (
    let attempt = 0, idle = 0;
    rows < count && idle < 1000 + 20 * count && attempt < 50 * count + 1000;
    attempt++
  ) {
    toShares(draw(), shares);
    applyCaps(shares, caps);
    const row = roundUnits(shares, capUnits);
    const id = key(row);
    if (seen.has(id)) {
      idle++;
      continue;
    }
    seen.add(id);
    units.set(row, rows * k);
    rows++;
  }
  return { units, rows };
}

/** min(1, 4 · prior_i): the release's caps on a share. */
export const shareCaps = (prior: readonly number[]): number[] =>
  prior.map((p) => Math.min(1, CAP_FACTOR * p));

function normalised(prior: readonly number[] | undefined, k: number): number[] {
  if (!prior) return Array.from({ length: k }, () => 1 / k);
  const total = prior.reduce((a, b) => a + b, 0);
  if (prior.length !== k || !(total > 0) || prior.some((p) => !(p >= 0) || !Number.isFinite(p))) {
    throw new RangeError("sampleMixtures: the prior needs one finite size ≥ 0 per component, not all 0");
  }
  return prior.map((p) => p / total);
}

/** Log gammas of Dirichlet(prior^T · s), s drawn anew each time from the 15 strengths. */
function releaseDraw(prior: readonly number[], random: RandomSource): () => Float64Array {
  const tempered = prior.map((p) => p ** TEMPERATURE);
  const total = tempered.reduce((a, b) => a + b, 0);
  const draws = STRENGTHS.map((s) =>
    dirichletLogs(
      tempered.map((p) => (p / total) * s),
      random,
    ),
  );
  return () => draws[Math.floor(random() * draws.length)]!();
}

/**
 * Logarithms of independent Gamma(a_i) draws, as log Gamma(a_i + 1) + log(U) / a_i: small a_i would underflow to 0
 * otherwise, and a row of zeros has no shares. a_i = 0 gives −∞, a share of 0.
 */
function dirichletLogs(concentration: readonly number[], random: RandomSource): () => Float64Array {
  const gammas = concentration.map((a) => randomGamma.source(random)(a + 1));
  const logs = new Float64Array(concentration.length);
  return () => {
    for (let i = 0; i < logs.length; i++) {
      const a = concentration[i]!;
      logs[i] = a > 0 ? Math.log(gammas[i]!()) + Math.log(1 - random()) / a : Number.NEGATIVE_INFINITY;
    }
    return logs;
  };
}

function toShares(logs: Float64Array, shares: Float64Array): void {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logs.length; i++) if (logs[i]! > top) top = logs[i]!;
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += shares[i] = Math.exp(logs[i]! - top);
  for (let i = 0; i < logs.length; i++) shares[i]! /= sum;
}

/** Hands what exceeds a cap to the others in proportion, until every cap holds (at most once per component). */
export function applyCaps(shares: Float64Array, caps: readonly number[]): void {
  const k = shares.length;
  const full = new Uint8Array(k);
  for (let pass = 0; pass <= k; pass++) {
    let excess = 0;
    for (let i = 0; i < k; i++) {
      if (shares[i]! <= caps[i]! || full[i]) continue;
      excess += shares[i]! - caps[i]!;
      shares[i] = caps[i]!;
      full[i] = 1;
    }
    if (excess <= 0) return;
    let open = 0;
    let room = 0;
    for (let i = 0; i < k; i++) {
      if (full[i]) continue;
      open += shares[i]!;
      room += caps[i]! - shares[i]!;
    }
    for (let i = 0; i < k; i++) {
      if (full[i]) continue;
      shares[i]! += open > 0 ? (shares[i]! / open) * excess : ((caps[i]! - shares[i]!) / room) * excess;
    }
  }
}

/** Rounds to multiples of 2e-4 with sum exactly 1: largest remainders first, where the cap leaves room. */
function roundUnits(shares: Float64Array, capUnits: readonly number[]): number[] {
  const k = shares.length;
  const row = new Array<number>(k);
  let missing = UNITS;
  for (let i = 0; i < k; i++) {
    row[i] = Math.min(Math.floor(shares[i]! * UNITS), capUnits[i]!);
    missing -= row[i]!;
  }
  while (missing > 0) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < k; i++) {
      const lacks = shares[i]! * UNITS - row[i]!;
      if (lacks > most && row[i]! < capUnits[i]! && row[i]! > 0) {
        most = lacks;
        best = i;
      }
    }
    if (best < 0) best = capUnits.findIndex((c, i) => row[i]! < c);
    if (best < 0) best = 0;
    row[best]! += 1;
    missing--;
  }
  return row;
}

const key = (row: readonly number[]): string => String.fromCharCode(...row.map((u) => Math.round(u)));
