import type { DecoderModel } from "../core/decoder/decoder-model";
import type { GenerationJob } from "../core/scoring/generation";
import { HIDDEN } from "../core/scoring/pack";
import type { StepFeeds } from "./step";

/** A prompt in a batch. Its cache begins with one hidden column; then the shared prefix, a hidden gap, and its own tokens. */
export interface GenerationRow {
  readonly job: number;
  /** The whole prompt. */
  readonly tokens: readonly number[];
  /** Tokens of it that are in the cache from the start. */
  readonly shared: number;
  /** Columns of the cache after the prompt, the hidden ones among them. */
  readonly columns: number;
}

/** Batches that begin with the same prefix. */
export interface PrefixGroup {
  readonly prefix: readonly number[] | undefined;
  readonly batches: readonly (readonly GenerationRow[])[];
}

/** Floats of the mask in one run, and bytes of a cache. */
const MASK = 2 ** 23;
const CACHE_BYTES = 2 ** 28;

/** Columns that a prompt takes in the cache: its length and the hidden one, rounded so that few lengths are left. */
export function cachedColumns(length: number, shared: number): number {
  const own = length - shared + (shared > 0 ? 0 : 1);
  const step = own <= 128 ? 16 : own <= 512 ? 32 : 64;
  return Math.ceil(own / step) * step + (shared > 0 ? shared + 1 : 0);
}

/** Puts prompts that share a prefix and take as many columns together, at most `rows` in a batch. */
export function batchRows(
  jobs: readonly GenerationJob[],
  rows: number,
  model: Pick<DecoderModel, "kvHeads" | "headDim" | "layers">,
): PrefixGroup[] {
  const groups = new Map<readonly number[] | undefined, Map<number, GenerationRow[]>>();
  for (const [job, { request, prefix }] of jobs.entries()) {
    const shared = prefix?.length ?? 0;
    const columns = cachedColumns(request.prompt.length, shared);
    const group = groups.get(prefix) ?? new Map<number, GenerationRow[]>();
    groups.set(prefix, group);
    const row = { job, tokens: request.prompt, shared, columns };
    group.set(columns, [...(group.get(columns) ?? []), row]);
  }
  const columnBytes = 2 * 4 * model.kvHeads * model.headDim * model.layers;
  return [...groups].map(([prefix, group]) => ({
    prefix,
    batches: [...group].flatMap(([columns, all]) => {
      const own = columns - (prefix?.length ?? 0);
      const most = Math.max(
        1,
        Math.min(rows, Math.floor(MASK / (own * columns)), Math.floor(CACHE_BYTES / (columnBytes * columns))),
      );
      return Array.from({ length: Math.ceil(all.length / most) }, (_, b) =>
        all.slice(b * most, (b + 1) * most),
      );
    }),
  }));
}

/** Feeds of the prompts behind what their cache holds: one hidden column, and the shared prefix. */
export function prefillFeeds(rows: readonly GenerationRow[]): { feeds: StepFeeds; length: number } {
  const { shared, columns } = rows[0]!;
  const past = 1 + shared;
  const length = columns - past;
  const ids = new Int32Array(rows.length * length);
  const positions = new BigInt64Array(rows.length * length);
  const mask = new Float32Array(rows.length * length * columns).fill(HIDDEN);
  for (const [r, { tokens }] of rows.entries()) {
    const own = tokens.length - shared;
    const pad = length - own;
    for (let i = 0; i < length; i++) {
      const row = (r * length + i) * columns;
      if (i < pad) {
        mask[row + past + i] = 0;
        continue;
      }
      ids[r * length + i] = tokens[shared + i - pad]!;
      positions[r * length + i] = BigInt(shared + i - pad);
      mask.fill(0, row + 1, row + past);
      mask.fill(0, row + past + pad, row + past + i + 1);
    }
  }
  return { feeds: { ids, positions, mask }, length };
}

/** Feeds of one more token a row; `decoded` tokens stand between the prompts and these. */
export function decodeFeeds(
  rows: readonly GenerationRow[],
  next: readonly number[],
  decoded: number,
): StepFeeds {
  const keys = rows[0]!.columns + decoded + 1;
  const mask = new Float32Array(rows.length * keys);
  for (const [r, { tokens, shared, columns }] of rows.entries()) {
    const row = r * keys;
    mask[row] = HIDDEN;
    mask.fill(HIDDEN, row + 1 + shared, row + columns - (tokens.length - shared));
  }
  return {
    ids: Int32Array.from(next),
    positions: BigInt64Array.from(rows, ({ tokens }) => BigInt(tokens.length + decoded)),
    mask,
  };
}
