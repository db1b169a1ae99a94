import type { TokenTree } from "./token-tree";

/** A tree to be scored and what its sums belong to. */
export interface PackUnit<Owner> {
  readonly owner: Owner;
  readonly tree: TokenTree;
}

/** One run of the scoring graph: `rows` rows of `length` tokens, several trees in a row. */
export interface PackedBatch<Owner> {
  readonly rows: number;
  readonly length: number;
  /** Tokens that are no padding. */
  readonly used: number;
  readonly targets: number;
  readonly placed: readonly { readonly unit: PackUnit<Owner>; readonly row: number; readonly at: number }[];
}

export interface PackLimits {
  /** rows × length at most, except for a single longer tree. */
  readonly tokens: number;
  /** Targets of a batch at most, except for a single tree with more. */
  readonly targets: number;
}

/**
 * Packs trees into batches of rows: the longest tree left sets the length, and rows are filled with the longest that
 * still fit. The result depends on the units' sizes and order alone.
 */
export function packBatches<Owner>(
  units: readonly PackUnit<Owner>[],
  limits: PackLimits,
): PackedBatch<Owner>[] {
  const left = units.map((unit, i) => ({ unit, i, size: unit.tree.tokens.length }));
  left.sort((a, b) => b.size - a.size || a.i - b.i);
  const batches: PackedBatch<Owner>[] = [];
  while (left.length > 0) {
    const length = left[0]!.size;
    const mostRows = Math.max(1, Math.floor(limits.tokens / length));
    const placed: { unit: PackUnit<Owner>; row: number; at: number }[] = [];
    let rows = 0;
    let used = 0;
    let targets = 0;
    let full = false;
    while (rows < mostRows && left.length > 0 && !full) {
      let at = 0;
      for (;;) {
        const next = left.findIndex(({ size }) => size <= length - at);
        if (next < 0) break;
        const { unit, size } = left[next]!;
        full = placed.length > 0 && targets + unit.tree.targets.length > limits.targets;
        if (full) break;
        left.splice(next, 1);
        placed.push({ unit, row: rows, at });
        targets += unit.tree.targets.length;
        at += size;
        used += size;
      }
      if (at > 0) rows++;
    }
    batches.push({ rows, length, used, targets, placed });
  }
  return batches;
}

/** Padding as a share of all tokens computed. */
export function paddingShare(batches: readonly PackedBatch<unknown>[]): number {
  const all = batches.reduce((n, b) => n + b.rows * b.length, 0);
  return all === 0 ? 0 : 1 - batches.reduce((n, b) => n + b.used, 0) / all;
}

/** Added to the attention score of what a token must not see: exp of it is 0 in float32. */
export const HIDDEN = -1e9;

/** The arrays that the scoring graph is fed, and which placed unit each target belongs to. */
export interface BatchFeeds {
  readonly ids: Int32Array;
  readonly positions: BigInt64Array;
  /** [rows, 1, 1, length, keys] */
  readonly mask: Float32Array;
  readonly source: Int32Array;
  readonly target: Int32Array;
  /** Of each token, how many tokens its tree's longest sequence has: some rotary embeddings depend on it. */
  readonly lengths: Int32Array;
}

/** `past` columns stand before the keys of every row: a hidden one, then a prefix that every token sees; none when 0. */
export function batchFeeds({ rows, length, targets, placed }: PackedBatch<unknown>, past = 0): BatchFeeds {
  const ids = new Int32Array(rows * length);
  const positions = new BigInt64Array(rows * length);
  const keys = past + length;
  const mask = new Float32Array(rows * length * keys).fill(HIDDEN);
  const source = new Int32Array(targets);
  const target = new Int32Array(targets);
  for (let i = 0; i < rows * length; i++) {
    mask[i * keys + past + (i % length)] = 0;
    if (past > 1) mask.fill(0, i * keys + 1, i * keys + past);
  }
  const lengths = new Int32Array(rows * length).fill(1);
  let k = 0;
  for (const { unit, row, at } of placed) {
    const { tree } = unit;
    const first = row * length + at;
    const own = past + at;
    const longest = tree.depths.reduce((most, depth) => Math.max(most, depth + 1), 1);
    lengths.fill(longest, first, first + tree.tokens.length);
    for (let n = 0; n < tree.tokens.length; n++) {
      ids[first + n] = tree.tokens[n]!;
      positions[first + n] = BigInt(tree.depths[n]!);
      const parent = tree.parents[n]!;
      if (parent >= 0) {
        const from = (first + parent) * keys + own;
        mask.copyWithin((first + n) * keys + own, from, from + parent + 1);
      }
      mask[(first + n) * keys + own + n] = 0;
    }
    for (let t = 0; t < tree.targets.length; t++, k++) {
      source[k] = first + tree.sources[t]!;
      target[k] = tree.targets[t]!;
    }
  }
  return { ids, positions, mask, source, target, lengths };
}
