/** What the head's graph gives for one chunk of the vocabulary: [K] each. */
export interface HeadChunk {
  readonly max: Float32Array;
  /** Σ exp(logit − max) over the chunk. */
  readonly sum: Float32Array;
  /** Logit of each target's own row, meaningful where the target lies in the chunk. */
  readonly target: Float32Array;
}

/** Log-probabilities of targets from one chunk of the vocabulary after another, in float64. */
export class HeadSums {
  private readonly max: Float64Array;
  private readonly sum: Float64Array;
  private readonly logit: Float64Array;

  constructor(targets: number) {
    this.max = new Float64Array(targets).fill(Number.NEGATIVE_INFINITY);
    this.sum = new Float64Array(targets);
    this.logit = new Float64Array(targets).fill(Number.NaN);
  }

  /** Adds vocabulary rows [from, to) for the targets from number `first` on; `ids` are their tokens. */
  add(first: number, ids: Int32Array, { from, to }: { from: number; to: number }, chunk: HeadChunk): void {
    for (const [k, id] of ids.entries()) {
      const t = first + k;
      const max = chunk.max[k]!;
      const larger = Math.max(this.max[t]!, max);
      const before = this.sum[t]! === 0 ? 0 : this.sum[t]! * Math.exp(this.max[t]! - larger);
      this.sum[t] = before + chunk.sum[k]! * Math.exp(max - larger);
      this.max[t] = larger;
      if (id >= from && id < to) this.logit[t] = chunk.target[k]!;
    }
  }

  /** log p (nats). */
  logProb(t: number): number {
    return this.logit[t]! - this.max[t]! - Math.log(this.sum[t]!);
  }

  /** Target logit − largest logit: 0 exactly when greedy decoding gives the target. */
  gap(t: number): number {
    return this.logit[t]! - this.max[t]!;
  }
}

/** The rows of a chunk that belong to `ids`, clipped into it. */
export const localTargets = (ids: Int32Array, from: number, to: number): Int32Array =>
  ids.map((id) => Math.min(Math.max(id - from, 0), to - from - 1));
