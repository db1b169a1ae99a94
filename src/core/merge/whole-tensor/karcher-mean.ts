import type { WritableDtype } from "../../checkpoint/dtype";
import { BLOCK, type BlockOps, bytesPer, type Precision, roundTo } from "../block-ops";
import type { MergeSink, TensorTask } from "../merge-method";
import { blocksOf, type Span } from "./spans";
import { TorchNorm } from "./torch-norm";
import { clamp } from "./weights";

const DTYPES: Readonly<Record<Precision, WritableDtype>> = {
  float32: "F32",
  bfloat16: "BF16",
  float16: "F16",
};

/**
 * The Karcher mean in mergekit's own order of operations, each of them rounded: the mean direction is held for the whole
 * tensor, in the task's precision, and moved step by step.
 */
export class KarcherMean {
  private readonly mean: Uint8Array;
  private readonly dtype: WritableDtype;
  private readonly blocks: {
    readonly unit: Float32Array;
    readonly at: Float32Array;
    readonly sum: Float32Array;
  };
  private readonly norms: readonly number[];
  private readonly valid: readonly number[];
  private readonly shares: readonly number[];

  constructor(
    private readonly task: TensorTask,
    private readonly alphas: readonly number[],
    private readonly ops: BlockOps,
  ) {
    const { length, precision, components, settings } = task;
    const size = Math.min(BLOCK, length);
    this.blocks = { unit: ops.scratch(size), at: ops.scratch(size), sum: ops.scratch(size) };
    this.dtype = DTYPES[precision];
    const norms = components.map(() => new TorchNorm(ops, "float32"));
    for (const span of this.spans())
      for (const [k, { values }] of components.entries()) {
        const block = this.blocks.unit.subarray(0, span.length);
        ops.decode(values, span.from, block, precision);
        norms[k]!.add(block);
      }
    this.norms = norms.map((norm) => norm.value());
    this.valid = this.norms.flatMap((norm, k) => (norm > settings.tol! ? [k] : []));
    const total = this.valid.reduce((sum, k) => sum + alphas[k]!, 0);
    this.shares = alphas.map((alpha) => alpha / total);
    this.mean = new Uint8Array(this.valid.length > 0 ? bytesPer[this.dtype] * length : 0);
  }

  merge(sink: MergeSink): void {
    const { ops } = this;
    const { precision, settings } = this.task;
    if (this.valid.length > 0) {
      this.start();
      for (let step = 0; step < settings.max_iter!; step++) if (!this.step()) break;
    }
    const scale = this.norms.reduce(
      (sum, norm, k) => Math.fround(sum + Math.fround(Math.fround(this.alphas[k]!) * norm)),
      0,
    );
    for (const span of this.spans()) {
      const block = this.blocks.at.subarray(0, span.length);
      if (this.valid.length > 0) this.readMean(span);
      else block.fill(0);
      ops.scale(block, roundTo(scale, precision), block, precision);
      sink(span.from, block);
    }
  }

  /** The normalised weighted mean of the directions; the first one where that vanishes. */
  private start(): void {
    const { ops } = this;
    const { precision, settings } = this.task;
    const norm = this.write((span) => {
      const sum = this.blocks.sum.subarray(0, span.length).fill(0);
      for (const k of this.valid) {
        const unit = this.readUnit(k, span);
        ops.scale(unit, this.shares[k]!, unit, precision);
        ops.add(sum, unit, sum, precision);
      }
      return sum;
    });
    if (norm < settings.tol!) this.write((span) => this.readUnit(this.valid[0]!, span));
    else this.divideMean(norm);
  }

  /** Moves the mean; false where the step would be shorter than the tolerance. */
  private step(): boolean {
    const { ops } = this;
    const { precision, settings } = this.task;
    const { tol } = settings as { tol: number };
    const dots = this.dots();
    const pulls = dots.map((dot, i) => {
      const angle = roundTo(Math.acos(dot), precision);
      if (angle < tol) return 0;
      const ratio = roundTo(angle / roundTo(Math.sin(angle), precision), precision);
      return roundTo(Math.fround(this.shares[this.valid[i]!]!) * ratio, precision);
    });
    const length = new TorchNorm(ops, "float32");
    for (const span of this.spans()) length.add(this.tangent(span, pulls, dots));
    const move = length.value();
    if (move < tol) return false;
    const along = roundTo(Math.cos(move), precision);
    const across = roundTo(Math.sin(move), precision);
    const norm = this.write((span) => {
      const tangent = this.tangent(span, pulls, dots);
      ops.divideBy(tangent, move, tangent, precision);
      ops.scale(tangent, across, tangent, precision);
      const mean = this.readMean(span);
      ops.scale(mean, along, mean, precision);
      ops.add(mean, tangent, mean, precision);
      return mean;
    });
    if (norm > tol) this.divideMean(norm);
    return true;
  }

  /** Cosines of the angles between the mean and the directions. */
  private dots(): readonly number[] {
    const sums = this.valid.map(() => 0);
    for (const span of this.spans()) {
      const mean = this.readMean(span);
      for (const [i, k] of this.valid.entries()) sums[i]! += this.ops.dot(mean, this.readUnit(k, span));
    }
    return sums.map((sum) => clamp(roundTo(sum, this.task.precision), -1, 1));
  }

  /** Σ pullₖ (uₖ − dotₖ · mean). */
  private tangent(span: Span, pulls: readonly number[], dots: readonly number[]): Float32Array {
    const { ops } = this;
    const { precision } = this.task;
    const sum = this.blocks.sum.subarray(0, span.length).fill(0);
    for (const [i, k] of this.valid.entries()) {
      if (pulls[i] === 0) continue;
      const scaled = this.readMean(span);
      ops.scale(scaled, dots[i]!, scaled, precision);
      const unit = this.readUnit(k, span);
      ops.subtract(unit, scaled, unit, precision);
      ops.scale(unit, pulls[i]!, unit, precision);
      ops.add(sum, unit, sum, precision);
    }
    return sum;
  }

  private spans(): Iterable<Span> {
    return blocksOf({ from: 0, length: this.task.length });
  }

  private readUnit(k: number, { from, length }: Span): Float32Array {
    const { ops, task } = this;
    const unit = this.blocks.unit.subarray(0, length);
    ops.decode(task.components[k]!.values, from, unit, task.precision);
    ops.divideBy(unit, this.norms[k]!, unit, task.precision);
    return unit;
  }

  private readMean({ from, length }: Span): Float32Array {
    const at = this.blocks.at.subarray(0, length);
    this.ops.decode({ dtype: this.dtype, bytes: this.mean }, from, at, "float32");
    return at;
  }

  private divideMean(by: number): void {
    this.write((span) => {
      const mean = this.readMean(span);
      this.ops.divideBy(mean, by, mean, this.task.precision);
      return mean;
    });
  }

  /** Stores new values of the mean; returns their norm. */
  private write(make: (span: Span) => Float32Array): number {
    const norm = new TorchNorm(this.ops, "float32");
    for (const span of this.spans()) {
      const block = make(span);
      norm.add(block);
      const size = bytesPer[this.dtype];
      const bytes = this.mean.subarray(size * span.from, size * (span.from + span.length));
      this.ops.encode(block, this.dtype, bytes);
    }
    return norm.value();
  }
}
