import { type BlockOps, roundTo } from "../block-ops";
import type { MergeSink, TensorTask } from "../merge-method";
import { blockLength } from "../task-vectors/task-vectors";
import { strandedTail } from "../torch-sum";
import { blocksOf, type Span } from "./spans";
import { TorchNorm } from "./torch-norm";
import { TorchTotal } from "./torch-total";
import { roundedSum } from "./weights";

/** The passes of Multi-SLERP over a task's tensors, each in blocks, with mergekit's order of operations and roundings. */
export class Multislerp {
  private readonly size: number;
  private readonly base: Float32Array;
  private readonly mean: Float32Array;
  private readonly tangent: Float32Array;
  private readonly units: readonly Float32Array[];
  private readonly terms: readonly Float32Array[];
  private readonly norms: readonly number[];
  private meanNorm = 1;

  constructor(
    private readonly task: TensorTask,
    private readonly weights: readonly number[],
    private readonly ops: BlockOps,
  ) {
    const { components, precision, length } = task;
    this.size = Math.min(length, blockLength(2 * components.length + 3));
    [this.base, this.mean, this.tangent] = [0, 1, 2].map(() => ops.scratch(this.size)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    this.units = components.map(() => ops.scratch(this.size));
    this.terms = components.map(() => ops.scratch(this.size));
    const norms = components.map(() => new TorchNorm(ops, precision));
    for (const span of this.blocks())
      for (const [k, block] of this.read(span).entries()) norms[k]!.add(block);
    this.norms = norms.map((norm) => norm.value());
  }

  /** ‖Σ wᵢ Tᵢ/‖Tᵢ‖‖, which the next passes divide by. */
  meanLength(): number {
    const norm = new TorchNorm(this.ops, this.task.precision);
    for (const span of this.blocks()) norm.add(this.sumOfUnits(span));
    this.meanNorm = norm.value();
    return this.meanNorm;
  }

  /** Into the tangent space at the mean direction, and back by the exponential map. */
  interpolate(sink: MergeSink): void {
    const { precision } = this.task;
    const round = (x: number) => roundTo(x, precision);
    const dots = this.dots();
    const norm = new TorchNorm(this.ops, precision);
    for (const span of this.blocks()) norm.add(this.tangentOf(span, dots));
    const angle = round(norm.value() + round(this.task.settings.eps!));
    const along = round(Math.cos(angle));
    const across = round(round(Math.sin(angle)) / angle);
    const products = this.norms.map((norm, k) => round(norm * this.weights[k]!));
    const length = roundedSum(products, precision);
    for (const span of this.blocks()) {
      const tangent = this.tangentOf(span, dots);
      const mean = this.cut(this.mean, span);
      this.ops.scale(mean, along, mean, precision);
      this.ops.scale(tangent, across, tangent, precision);
      this.ops.add(mean, tangent, mean, precision);
      this.ops.scale(mean, length, mean, precision);
      this.finish(mean, span, sink);
    }
  }

  /** Two opposed tensors have no mean direction: their weighted sum. */
  mixTwo(sink: MergeSink): void {
    const { precision } = this.task;
    for (const span of this.blocks()) {
      const [a, b] = this.read(span) as [Float32Array, Float32Array];
      this.ops.scale(a, this.weights[0]!, a, precision);
      this.ops.scale(b, this.weights[1]!, b, precision);
      this.ops.add(a, b, a, precision);
      this.finish(a, span, sink);
    }
  }

  /** One tensor is itself. */
  copy(sink: MergeSink): void {
    for (const span of this.blocks()) {
      const block = this.cut(this.mean, span);
      this.ops.decode(this.task.components[0]!.values, span.from, block, this.task.precision);
      sink(span.from, block);
    }
  }

  private blocks(): Iterable<Span> {
    return blocksOf({ from: 0, length: this.task.length }, this.size);
  }

  private cut(block: Float32Array, { length }: Span): Float32Array {
    return block.subarray(0, length);
  }

  /** The tensors, or updates where there is a base. */
  private read(span: Span): Float32Array[] {
    const { task, ops } = this;
    const base = this.cut(this.base, span);
    if (task.base) ops.decode(task.base, span.from, base, task.precision);
    return task.components.map((component, k) => {
      const block = this.cut(this.units[k]!, span);
      ops.decode(component.values, span.from, block, task.precision);
      if (task.base) ops.subtract(block, base, block, task.precision);
      return block;
    });
  }

  private readUnits(span: Span): Float32Array[] {
    const { precision, settings } = this.task;
    const units = this.read(span);
    for (const [k, unit] of units.entries()) {
      const divisor = roundTo(this.norms[k]! + roundTo(settings.eps!, precision), precision);
      this.ops.divideBy(unit, divisor, unit, precision);
    }
    return units;
  }

  private sumOfUnits(span: Span): Float32Array {
    const units = this.readUnits(span);
    const { precision } = this.task;
    const terms = units.map((unit, k) => {
      const term = this.cut(this.terms[k]!, span);
      this.ops.scale(unit, this.weights[k]!, term, precision);
      return term;
    });
    return this.sumTerms(terms, this.mean, span);
  }

  private sumTerms(terms: readonly Float32Array[], out: Float32Array, span: Span): Float32Array {
    const { length, precision } = this.task;
    const last = span.from + span.length === length;
    const sum = this.cut(out, span);
    this.ops.sumRows(terms, last ? strandedTail(length, precision !== "float32") : 0, sum, precision);
    return sum;
  }

  private direction(span: Span): Float32Array {
    const mean = this.sumOfUnits(span);
    this.ops.divideBy(mean, this.meanNorm, mean, this.task.precision);
    return mean;
  }

  private dots(): number[] {
    const { precision } = this.task;
    const sums = this.weights.map(() => new TorchTotal(this.ops, precision, this.task.length));
    for (const span of this.blocks()) {
      const mean = this.direction(span);
      for (const k of sums.keys()) {
        const product = this.cut(this.terms[k]!, span);
        this.ops.multiply(this.cut(this.units[k]!, span), mean, product, precision);
        sums[k]!.add(product);
      }
    }
    return sums.map((sum) => sum.value());
  }

  /** Σ wᵢ (uᵢ − dotᵢ · mean). */
  private tangentOf(span: Span, dots: readonly number[]): Float32Array {
    const { precision } = this.task;
    const { ops } = this;
    const mean = this.direction(span);
    const terms = dots.map((dot, k) => {
      const term = this.cut(this.terms[k]!, span);
      ops.scale(mean, dot, term, precision);
      ops.subtract(this.cut(this.units[k]!, span), term, term, precision);
      ops.scale(term, this.weights[k]!, term, precision);
      return term;
    });
    return this.sumTerms(terms, this.tangent, span);
  }

  private finish(merged: Float32Array, span: Span, sink: MergeSink): void {
    const { base, precision } = this.task;
    if (base) this.ops.add(merged, this.cut(this.base, span), merged, precision);
    sink(span.from, merged);
  }
}
