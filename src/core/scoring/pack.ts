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

/** Row length at which attention costs as much as everything else, roughly. */
const ATTENTION = 1024;
/** Row lengths that are tried, as multiples of the longest tree's. */
const STRETCH = [1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.6, 1.75, 2, 2.5, 3, 4];

/** A unit waiting to be packed, longest first. */
interface Waiting<Owner> {
  readonly unit: PackUnit<Owner>;
  readonly size: number;
}

/**
 * Packs trees into batches of rows, batch by batch: of several row lengths, from the longest tree left up, the one that costs
 * least for each token computed; rows are filled with the longest tree that still fits. The result depends on the units'
 * sizes and order alone.
 */
export function packBatches<Owner>(
  units: readonly PackUnit<Owner>[],
  limits: PackLimits,
): PackedBatch<Owner>[] {
  let left = units.map((unit): Waiting<Owner> => ({ unit, size: unit.tree.tokens.length }));
  left.sort((a, b) => b.size - a.size);
  const batches: PackedBatch<Owner>[] = [];
  while (left.length > 0) {
    const longest = left[0]!.size;
    const lengths = STRETCH.map((factor) => Math.round(factor * longest)).filter(
      (length, i) => i === 0 || length <= limits.tokens,
    );
    let best: Filled<Owner> | null = null;
    for (const length of new Set(lengths)) {
      const filled = fillRows(left, length, limits);
      if (!best || filled.cost < best.cost) best = filled;
    }
    batches.push(best!.batch);
    left = best!.left;
  }
  return batches;
}

interface Filled<Owner> {
  readonly batch: PackedBatch<Owner>;
  readonly left: Waiting<Owner>[];
  /** Of each token that is no padding. */
  readonly cost: number;
}

function fillRows<Owner>(
  waiting: readonly Waiting<Owner>[],
  atMost: number,
  limits: PackLimits,
): Filled<Owner> {
  const mostRows = Math.max(1, Math.floor(limits.tokens / atMost));
  const placed: { unit: PackUnit<Owner>; row: number; at: number }[] = [];
  const ends: number[] = [];
  const left: Waiting<Owner>[] = [];
  let used = 0;
  let targets = 0;
  let full = false;
  // The first row with room takes the next longest tree.
  for (const next of waiting) {
    const { unit, size } = next;
    let row = full ? -1 : ends.findIndex((end) => end + size <= atMost);
    if (row < 0 && !full && ends.length < mostRows) row = ends.length;
    if (row >= 0 && placed.length > 0 && targets + unit.tree.targets.length > limits.targets) full = true;
    if (row < 0 || full) {
      left.push(next);
      continue;
    }
    const at = ends[row] ?? 0;
    placed.push({ unit, row, at });
    ends[row] = at + size;
    targets += unit.tree.targets.length;
    used += size;
  }
  const length = Math.max(...ends);
  const rows = ends.length;
  const cost = (rows * length * (1 + length / ATTENTION)) / used;
  return { batch: { rows, length, used, targets, placed }, left, cost };
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
