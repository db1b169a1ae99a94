import type { Rotary, RotaryTables } from "../core/decoder/decoder-model";
import type { Backend } from "./backend";
import type { Feeds } from "./ort";

const ROPE_STEP = 256;
/** Rows of stacked tables that are kept for lengths that may come again. */
const MOST_ROWS = 65_536;

interface Kept {
  readonly tables: RotaryTables;
  /** Where its rows begin in the stack. */
  readonly offset: number;
}

/**
 * The rotary tables of a model on a backend. Where angles depend on the sequence's length, the tables of several lengths are
 * stacked, and a sequence's positions begin at its own.
 */
export class RopeFeeds {
  private readonly kept = new Map<number, Kept>();
  private rows = 0;
  private current: Feeds = {};

  constructor(
    private readonly backend: Backend,
    private readonly rotary: Rotary | null,
  ) {}

  /**
   * `lengths` says of every token how many tokens its sequence has; `row` tokens stand in a row of the batch, and onnxruntime
   * refuses tables with fewer rows. Returns the tables and the rows that positions stand for.
   */
  place(
    positions: BigInt64Array,
    lengths: Int32Array,
    row = 0,
  ): { readonly feeds: Feeds; readonly positions: BigInt64Array } {
    const { rotary } = this;
    if (!rotary) return { feeds: {}, positions };
    this.keep(rotary, lengths, row);
    if (!rotary.perLength) return { feeds: this.current, positions };
    const shifted = positions.map((p, i) => p + BigInt(this.kept.get(rotary.key(lengths[i]!))!.offset));
    return { feeds: this.current, positions: shifted };
  }

  private keep(rotary: Rotary, lengths: Int32Array, row: number): void {
    const longest = new Map<number, number>();
    for (const length of new Set(lengths)) {
      const key = rotary.key(length);
      longest.set(key, Math.max(longest.get(key) ?? 1, length));
    }
    const least = (length: number) => Math.ceil(Math.max(length, row) / ROPE_STEP) * ROPE_STEP;
    const missing = [...longest].filter(
      ([key, length]) => (this.kept.get(key)?.tables.rows ?? 0) < Math.max(length, row),
    );
    if (missing.length === 0) return;
    if (this.rows > MOST_ROWS)
      for (const key of [...this.kept.keys()]) if (!longest.has(key)) this.kept.delete(key);
    const tables = new Map([...this.kept].map(([key, { tables }]) => [key, tables]));
    for (const [key, length] of missing) tables.set(key, rotary.tables(length, least(length)));
    this.stack(tables, rotary.width);
  }

  private stack(all: ReadonlyMap<number, RotaryTables>, width: number): void {
    this.kept.clear();
    this.rows = [...all.values()].reduce((n, { rows }) => n + rows, 0);
    const cos = new Float32Array(this.rows * width);
    const sin = new Float32Array(this.rows * width);
    let offset = 0;
    for (const [key, tables] of all) {
      this.kept.set(key, { tables, offset });
      cos.set(tables.cos, offset * width);
      sin.set(tables.sin, offset * width);
      offset += tables.rows;
    }
    const tensor = (data: Float32Array) => new this.backend.ort.Tensor("float32", data, [this.rows, width]);
    this.current = { "rope.cos": tensor(cos), "rope.sin": tensor(sin) };
  }
}
