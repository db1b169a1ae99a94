import { type BlockOps, type Precision, roundTo } from "../block-ops";
import type { TensorTask } from "../merge-method";
import { clamp } from "./weights";

/** A norm counts as at least this where it divides. */
const LEAST_NORM = 1e-7;
/** sin² of an angle up to this makes the arc a line. */
const STRAIGHT = 1e-8 ** 2;

/** How two vectors are mixed: (a·x + b·y) / sine, each operation rounded. */
export interface Arc {
  readonly a: number;
  readonly b: number;
  readonly sine: number;
}

/** The arc at position t between unit vectors with this sum of products. */
export function arcAt(t: number, products: number, precision: Precision): Arc {
  const round = (x: number) => roundTo(x, precision);
  const cosine = clamp(round(products), -1, 1);
  if (round(1 - round(cosine * cosine)) <= round(STRAIGHT)) return { a: 1 - t, b: t, sine: 1 };
  const angle = round(Math.acos(cosine));
  const sineOf = (part: number) => round(Math.sin(round(Math.fround(part) * angle)));
  return { a: sineOf(1 - t), b: sineOf(t), sine: round(Math.sin(angle)) };
}

/** What a vector with this norm is divided by. */
export const divisorOf = (norm: number, precision: Precision): number =>
  Math.max(norm, roundTo(LEAST_NORM, precision));

/** Reads both tensors, or updates where there is a base, into `x` and `y`, and the base into `base`. */
export function readPair(
  task: TensorTask,
  from: number,
  x: Float32Array,
  y: Float32Array,
  base: Float32Array,
  ops: BlockOps,
): void {
  const { precision, components } = task;
  ops.decode(components[0]!.values, from, x, precision);
  ops.decode(components[1]!.values, from, y, precision);
  if (!task.base) return;
  ops.decode(task.base, from, base, precision);
  ops.subtract(x, base, x, precision);
  ops.subtract(y, base, y, precision);
}
