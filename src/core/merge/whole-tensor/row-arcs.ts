import { BLOCK, type BlockOps } from "../block-ops";
import type { MergeSink, TensorTask } from "../merge-method";
import { arcAt, divisorOf, readPair } from "./arc";
import { blocksOf, type Span } from "./spans";
import { TorchNorm } from "./torch-norm";
import { TorchTotal } from "./torch-total";

/** Interpolates each of the spans, which follow each other, by itself. */
export function mergeRowArcs(
  task: TensorTask,
  t: number,
  spans: Iterable<Span>,
  ops: BlockOps,
  sink: MergeSink,
): void {
  const { precision, length } = task;
  const whole = [0, 1, 2].map(() => ops.scratch(Math.min(BLOCK, length)));
  const read = (block: Span) => {
    const [x, y, base] = whole.map((own) => own.subarray(0, block.length)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    readPair(task, block.from, x, y, base, ops);
    return { x, y, base };
  };
  for (const span of spans) {
    const norms = [0, 1].map(() => new TorchNorm(ops, precision)) as [TorchNorm, TorchNorm];
    const products = new TorchTotal(ops, precision, span.length);
    for (const block of blocksOf(span)) {
      const { x, y } = read(block);
      norms[0].add(x);
      norms[1].add(y);
    }
    const [normX, normY] = norms.map((norm) => divisorOf(norm.value(), precision)) as [number, number];
    for (const block of blocksOf(span)) {
      const { x, y } = read(block);
      ops.divideBy(x, normX, x, precision);
      ops.divideBy(y, normY, y, precision);
      ops.multiply(x, y, x, precision);
      products.add(x);
    }
    const { a, b, sine } = arcAt(t, products.value(), precision);
    for (const block of blocksOf(span)) {
      const { x, y, base } = read(block);
      ops.scale(x, a, x, precision);
      ops.scale(y, b, y, precision);
      ops.add(x, y, x, precision);
      if (sine !== 1) ops.divideBy(x, sine, x, precision);
      if (task.base) ops.add(base, x, x, precision);
      sink(block.from, x);
    }
  }
}
