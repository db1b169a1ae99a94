import { ok, type Result } from "../../core/result";
import type { RowTable } from "./row-table";
import type { RowRange } from "./subject-weights";

export interface GatherLimits {
  /** Separate reads at most; rows between two wanted ones are read too where their gap is among the smaller. */
  readonly reads: number;
  /** Rows of one read at most. */
  readonly rows: number;
}

/** Rows of a table by number. */
export interface GatheredRows {
  /** The numbers asked for, ascending, each once. */
  readonly ids: Int32Array;
  /** [ids.length, width] */
  readonly rows: Float32Array;
}

/** The rows that `wanted` names, each once: as much of the table is held as `limits.rows` says, never all of it. */
export async function gatherRows(
  table: RowTable,
  wanted: Iterable<number>,
  limits: GatherLimits,
  signal?: AbortSignal,
): Promise<Result<GatheredRows>> {
  const ids = Int32Array.from(new Set(wanted)).sort();
  const rows = new Float32Array(ids.length * table.width);
  const buffer = new Float32Array(Math.min(limits.rows, table.count) * table.width);
  let next = 0;
  for (const range of readsFor(ids, limits)) {
    const read = await table.read(range, buffer, signal);
    if (!read.ok) return read;
    for (; next < ids.length && ids[next]! < range.to; next++) {
      const at = (ids[next]! - range.from) * table.width;
      rows.set(buffer.subarray(at, at + table.width), next * table.width);
    }
  }
  return ok({ ids, rows });
}

/** Ranges that cover the sorted `ids`: at most `reads` of them, more only where one would have more than `rows` rows. */
export function readsFor(ids: Int32Array, { reads, rows }: GatherLimits): RowRange[] {
  const gaps = Array.from(ids, (id, i) => ({ i, gap: i === 0 ? 0 : id - ids[i - 1]! }));
  gaps.sort((a, b) => b.gap - a.gap || a.i - b.i);
  const breaks = new Set(gaps.slice(0, reads - 1).flatMap(({ i, gap }) => (gap > 1 ? [i] : [])));
  const ranges: { from: number; to: number }[] = [];
  for (const [i, id] of ids.entries()) {
    const last = ranges.at(-1);
    if (last && !breaks.has(i) && id < last.from + rows) last.to = id + 1;
    else ranges.push({ from: id, to: id + 1 });
  }
  return ranges;
}
