import { BLOCK, type BlockOps, roundTo } from "../block-ops";
import type { MergeSink, TensorTask } from "../merge-method";
import { arcAt, divisorOf, readPair } from "./arc";
import { blocksOf } from "./spans";

/** Interpolates the vectors along the first axis, one for each position on the other axes, by themselves. */
export function mergeColumnArcs(task: TensorTask, t: number, ops: BlockOps, sink: MergeSink): void {
  const { precision, length, shape } = task;
  const columns = length / shape[0]!;
  const size = Math.min(BLOCK, columns);
  const [x, y, base, a, b] = [0, 1, 2, 3, 4].map(() => ops.scratch(size)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  /** Reads row by row; `column` is where a block begins in its row. */
  const each = (use: (column: number, from: number, cut: (block: Float32Array) => Float32Array) => void) => {
    for (let row = 0; row < length; row += columns)
      for (const block of blocksOf({ from: row, length: columns }, size)) {
        const cut = (whole: Float32Array) => whole.subarray(0, block.length);
        readPair(task, block.from, cut(x), cut(y), cut(base), ops);
        use(block.from - row, block.from, cut);
      }
  };
  const [xx, yy] = [0, 1].map(() => new Float32Array(columns)) as [Float32Array, Float32Array];
  const products = new Float64Array(columns);
  each((column, _, cut) => {
    addSquares(cut(x), xx, column);
    addSquares(cut(y), yy, column);
  });
  const [normsX, normsY] = [xx, yy].map((squares) =>
    Float32Array.from(squares, (sum) => divisorOf(roundTo(Math.sqrt(sum), precision), precision)),
  ) as [Float32Array, Float32Array];
  const place = (values: Float32Array, column: number, block: Float32Array) => {
    block.set(values.subarray(column, column + block.length));
    return block;
  };
  each((column, _, cut) => {
    ops.divide(cut(x), place(normsX, column, cut(a)), cut(x), precision);
    ops.divide(cut(y), place(normsY, column, cut(b)), cut(y), precision);
    ops.multiply(cut(x), cut(y), cut(x), precision);
    addTo(products, cut(x), column);
  });
  const arcs = Array.from(products, (sum) => arcAt(t, sum, precision));
  const [as, bs, sines] = (["a", "b", "sine"] as const).map((key) =>
    Float32Array.from(arcs, (arc) => arc[key]),
  ) as [Float32Array, Float32Array, Float32Array];
  each((column, from, cut) => {
    ops.multiply(cut(x), place(as, column, cut(a)), cut(x), precision);
    ops.multiply(cut(y), place(bs, column, cut(b)), cut(y), precision);
    ops.add(cut(x), cut(y), cut(x), precision);
    ops.divide(cut(x), place(sines, column, cut(a)), cut(x), precision);
    if (task.base) ops.add(cut(base), cut(x), cut(x), precision);
    sink(from, cut(x));
  });
}

/** In float32, one row after the other, as torch's norm along an axis that is not the last. */
function addSquares(values: Float32Array, sums: Float32Array, column: number): void {
  for (let i = 0; i < values.length; i++) sums[column + i]! += Math.fround(values[i]! * values[i]!);
}

function addTo(sums: Float64Array, values: Float32Array, column: number): void {
  for (let i = 0; i < values.length; i++) sums[column + i]! += values[i]!;
}
