import { BLOCK } from "../block-ops";

/** Elements [from, from + length) of a tensor. */
export interface Span {
  readonly from: number;
  readonly length: number;
}

/** The blocks of a span, in order, of up to `size` elements. */
export function* blocksOf({ from, length }: Span, size: number = BLOCK): Generator<Span> {
  const end = from + length;
  for (let at = from; at < end; at += size) yield { from: at, length: Math.min(size, end - at) };
}

/** The rows of a tensor along its last axis; a vector is one row. */
export function* rowsOf(shape: readonly number[], length: number): Generator<Span> {
  const row = shape.at(-1) ?? 1;
  for (let from = 0; from < length; from += row) yield { from, length: row };
}
