import { ok } from "../result";
import { type BlockOps, roundTo } from "./block-ops";
import type { MergeMethod, TensorTask } from "./merge-method";
import { switchParameter } from "./parameters";
import { blockLength } from "./task-vectors/task-vectors";
import { strandedTail, sumRows, torchSum } from "./torch-sum";
import { blocksOf, rowsOf, type Span } from "./whole-tensor/spans";
import { TorchNorm } from "./whole-tensor/torch-norm";
import { TorchTotal } from "./whole-tensor/torch-total";
import { clamp } from "./whole-tensor/weights";

/** Products of norms are at least this when they divide; a denominator below it leaves the base. */
const TINY = 1e-6;

/**
 * Model Stock (Jang et al. 2024, arXiv 2403.19522): between the base and the components' average, at
 * t = N cos θ / (1 + (N − 1) cos θ) with the mean cosine of the angles between their updates.
 */
export const modelStock: MergeMethod = {
  name: "model_stock",
  label: "Model Stock",
  help: "Goes from the base towards the average of the components, the further the more their updates agree.",
  base: "needed",
  weighted: false,
  models: { min: 2, max: 1000 },
  elementwise: false,
  random: false,
  parameters: [
    switchParameter(
      "filter_wise",
      "Row by row",
      "Computes the position for each row of a matrix by itself.",
      false,
    ),
  ],
  merge(task, ops, sink) {
    const { components, length, precision, shape, settings } = task;
    const spans = settings.filter_wise === 1 ? [...rowsOf(shape, length)] : [{ from: 0, length }];
    const size = Math.min(length, blockLength(components.length + 2));
    const stock = new UpdateBlocks(task, ops, size);
    const positions = ratios(stock.meanCosines(spans), components.length, (x) => roundTo(x, precision));
    for (const [row, span] of spans.entries()) {
      const t = positions[row]!;
      for (const block of blocksOf(span, size)) {
        const merged = stock.between(block, t);
        sink(block.from, merged);
      }
    }
    return ok(null);
  },
};

/** t by the mean cosine; 0, the base, where that has no finite answer. */
function ratios(cosines: Float32Array, count: number, round: (x: number) => number): Float32Array {
  return cosines.map((cosine) => {
    const denominator = round(round(1) + round((count - 1) * cosine));
    return Math.abs(denominator) < round(TINY) ? 0 : round(round(count * cosine) / denominator);
  });
}

class UpdateBlocks {
  private readonly rows: readonly Float32Array[];
  private readonly base: Float32Array;
  private readonly other: Float32Array;

  constructor(
    private readonly task: TensorTask,
    private readonly ops: BlockOps,
    private readonly size: number,
  ) {
    this.rows = task.components.map(() => ops.scratch(size));
    this.base = ops.scratch(size);
    this.other = ops.scratch(size);
  }

  /** For each span the mean over all pairs of components of the cosine between their updates. */
  meanCosines(spans: readonly Span[]): Float32Array {
    const { precision, components } = this.task;
    const pairs = components.flatMap((_, a) =>
      components.slice(a + 1).map((__, b) => [a, a + 1 + b] as const),
    );
    const cosines = pairs.map(() => new Float32Array(spans.length));
    for (const [row, span] of spans.entries()) {
      const { norms, products } = this.products(span, pairs);
      for (const [p, [a, b]] of pairs.entries()) {
        const product = Math.max(roundTo(norms[a]! * norms[b]!, precision), roundTo(TINY, precision));
        const cosine = roundTo(products[p]! / product, precision);
        cosines[p]![row] = clamp(cosine, -1, 1);
      }
    }
    const sums = new Float32Array(spans.length);
    if (spans.length === 1) sums[0] = torchSum(cosines.map((cosine) => cosine[0]!));
    else sumRows(cosines, strandedTail(spans.length, false), sums);
    return sums.map((sum) => roundTo(Math.fround(sum / pairs.length), precision));
  }

  private products(span: Span, pairs: readonly (readonly [number, number])[]) {
    const { ops, task } = this;
    const norms = task.components.map(() => new TorchNorm(ops, task.precision));
    const products = pairs.map(() => new TorchTotal(ops, task.precision, span.length));
    for (const block of blocksOf(span, this.size)) {
      const base = this.readBase(block);
      const rows = this.rows.map((row) => row.subarray(0, block.length));
      for (const [k, row] of rows.entries()) {
        ops.decode(task.components[k]!.values, block.from, row, task.precision);
        ops.subtract(row, base, row, task.precision);
        norms[k]!.add(row);
      }
      const product = this.other.subarray(0, block.length);
      for (const [p, [a, b]] of pairs.entries()) {
        ops.multiply(rows[a]!, rows[b]!, product, task.precision);
        products[p]!.add(product);
      }
    }
    return { norms: norms.map((norm) => norm.value()), products: products.map((sum) => sum.value()) };
  }

  /** t · average + (1 − t) · base. */
  between(block: Span, t: number): Float32Array {
    const { ops } = this;
    const { components, precision } = this.task;
    const sum = this.rows[0]!.subarray(0, block.length);
    const next = this.other.subarray(0, block.length);
    for (const [k, { values }] of components.entries()) {
      ops.decode(values, block.from, k === 0 ? sum : next, precision);
      if (k > 0) ops.add(sum, next, sum, precision);
    }
    ops.divideBy(sum, components.length, sum, precision);
    ops.scale(sum, t, sum, precision);
    const base = this.readBase(block);
    ops.scale(base, roundTo(1 - t, precision), base, precision);
    ops.add(sum, base, sum, precision);
    return sum;
  }

  private readBase(block: Span): Float32Array {
    const base = this.base.subarray(0, block.length);
    this.ops.decode(this.task.base!, block.from, base, this.task.precision);
    return base;
  }
}
