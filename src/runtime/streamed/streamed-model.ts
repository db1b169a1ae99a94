import type { WeightInput } from "../../core/decoder/decoder-model";
import { ok, type Result } from "../../core/result";
import type { Feeds } from "../ort";
import { elements } from "../weight-bank";
import { DeviceArray } from "./device-array";
import { gatherRows } from "./gather-rows";
import { keptWeights } from "./kept-weights";
import { prefetched } from "./prefetched";
import { openRowTable, type RowTable } from "./row-table";
import type { OpenScratch } from "./scratch-file";
import type { StreamedSession } from "./streamed-session";
import type { StreamedSubject } from "./streamed-subject";
import type { RowRange } from "./subject-weights";

export interface StreamLimits {
  /** Bytes of a chunk of the head or of a piece of the embedding, as float32. */
  readonly tableBytes: number;
  /** Separate reads of the embedding at most, but for large pieces. */
  readonly embeddingReads: number;
}

export const STREAM_LIMITS: StreamLimits = { tableBytes: 32 * 2 ** 20, embeddingReads: 256 };

/** Two places for the same weights, filled in turn; on a GPU they share their buffers. */
type Places = readonly [ReadonlyMap<string, DeviceArray>, ReadonlyMap<string, DeviceArray>];

/**
 * One subject's weights as they are needed: rows of the embedding, layer after layer, chunk after chunk of the head. Two
 * layers or two chunks are held at a time: what is used and what is read next.
 */
export class StreamedModel {
  private readonly tables = new Map<string, RowTable>();
  private layerPlaces: Places | null = null;

  constructor(
    readonly session: StreamedSession,
    private readonly subject: StreamedSubject,
    private readonly openScratch: OpenScratch,
    private readonly limits: StreamLimits = STREAM_LIMITS,
  ) {}

  /** scale · table[id] + positionTable[position] for every token, [ids.length, hidden], batch by batch. */
  async embed(
    batches: readonly { readonly ids: Int32Array; readonly positions: BigInt64Array }[],
    take: (batch: number, hidden: Float32Array) => Promise<Result<null>>,
    signal?: AbortSignal,
  ): Promise<Result<null>> {
    const { model } = this.session;
    const { table, scale, positionTable, positionOffset } = model.parts.embedding;
    const tokens = await this.gather(
      table,
      batches.flatMap((b) => [...new Set(b.ids)]),
      signal,
    );
    if (!tokens.ok) return tokens;
    const places = batches.map(({ positions }) =>
      Int32Array.from(positions, (p) => Number(p) + positionOffset),
    );
    const learned = positionTable
      ? await this.gather(
          positionTable,
          places.flatMap((p) => [...new Set(p)]),
          signal,
        )
      : ok(null);
    if (!learned.ok) return learned;
    const width = model.hidden;
    for (const [b, { ids }] of batches.entries()) {
      const hidden = new Float32Array(ids.length * width);
      for (const [i, id] of ids.entries()) {
        const out = hidden.subarray(i * width, (i + 1) * width);
        out.set(tokens.value(id));
        if (scale !== 1) for (let j = 0; j < width; j++) out[j] = out[j]! * scale;
        const added = learned.value?.(places[b]![i]!);
        if (added) for (let j = 0; j < width; j++) out[j] = out[j]! + added[j]!;
      }
      const taken = await take(b, hidden);
      if (!taken.ok) return taken;
    }
    return ok(null);
  }

  /** Calls `use` for every layer in turn, with its weights by input of its block's graph, while the next one is read. */
  layers(
    use: (layer: number, weights: Feeds) => Promise<Result<null>>,
    signal?: AbortSignal,
  ): Promise<Result<null>> {
    const { parts, layers } = this.session.model;
    this.layerPlaces ??= this.places(parts.layerWeights(0));
    const places = this.layerPlaces;
    return prefetched(
      layers,
      (layer, place) =>
        this.subject.weights.fill(
          parts.layerWeights(layer).map(({ name, tensor, shape }) => ({
            tensor: { name: tensor, shape },
            out: places[place].get(name)!.host,
          })),
          signal,
        ),
      (layer, place) => use(layer, feedsOf(places[place], parts.layerWeights(layer))),
    );
  }

  get passBytes(): number {
    return this.subject.passBytes;
  }

  /** How many chunks the head is taken in. */
  get headChunks(): number {
    return Math.ceil(this.session.model.vocabulary / this.headRows);
  }

  /** Calls `use` for every chunk of the head in turn: its rows of the vocabulary, and what the head's graph is fed of them. */
  async headChunk(
    use: (rows: RowRange, weights: Feeds) => Promise<Result<null>>,
    signal?: AbortSignal,
  ): Promise<Result<null>> {
    const { model, headNorm } = this.session;
    const { table: tensor, bias } = model.parts.head;
    const norm = this.place(headNorm);
    const [most, width] = [this.headRows, model.hidden];
    const chunkInputs = [
      { name: "head", shape: [most, width] },
      ...(bias ? [{ name: "head.bias", shape: [most] }] : []),
    ];
    const places = this.places(chunkInputs);
    try {
      const filled = await this.subject.weights.fill(
        headNorm.map((tensor) => ({ tensor, out: norm.get(tensor.name)!.host })),
        signal,
      );
      if (!filled.ok) return filled;
      const table = await this.table(tensor, signal);
      if (!table.ok) return table;
      const biases = bias ? await this.table(bias, signal) : ok(null);
      if (!biases.ok) return biases;
      const range = (chunk: number) => ({
        from: chunk * most,
        to: Math.min((chunk + 1) * most, model.vocabulary),
      });
      return await prefetched(
        this.headChunks,
        async (chunk, place) => {
          const read = await table.value.read(range(chunk), places[place].get("head")!.host, signal);
          if (!read.ok || !biases.value) return read;
          return biases.value.read(range(chunk), places[place].get("head.bias")!.host, signal);
        },
        (chunk, place) => {
          const rows = range(chunk);
          const inputs = chunkInputs.map(({ name, shape }) => ({
            name,
            shape: [rows.to - rows.from, ...shape.slice(1)],
          }));
          return use(rows, { ...feedsOf(norm, headNorm), ...feedsOf(places[place], inputs) });
        },
      );
    } finally {
      closeAll([norm, ...places]);
    }
  }

  /**
   * The same model for use again and again: a merge is merged once, into a scratch file. To be closed by itself, before this
   * one.
   */
  keepingWeights(): StreamedModel {
    const { subject, session, openScratch, limits } = this;
    if (!subject.merged) return new StreamedModel(session, subject, openScratch, limits);
    const weights = keptWeights(subject.weights, openScratch, this.headRows);
    return new StreamedModel(
      session,
      { ...subject, weights, close: () => weights.close() },
      openScratch,
      limits,
    );
  }

  async close(): Promise<void> {
    await this.subject.close?.();
    if (this.layerPlaces) closeAll(this.layerPlaces);
    this.layerPlaces = null;
    for (const table of this.tables.values()) await table.close();
    this.tables.clear();
  }

  /** Rows of the vocabulary in a chunk of the head. */
  get headRows(): number {
    const { hidden, vocabulary } = this.session.model;
    return Math.max(1, Math.min(vocabulary, Math.floor(this.limits.tableBytes / 4 / hidden)));
  }

  /** Looks rows of a table up by number. */
  private async gather(
    tensor: WeightInput,
    wanted: readonly number[],
    signal?: AbortSignal,
  ): Promise<Result<(id: number) => Float32Array>> {
    const table = await this.table(tensor, signal);
    if (!table.ok) return table;
    const { width } = table.value;
    const rows = Math.max(1, Math.floor(this.limits.tableBytes / 4 / width));
    const gathered = await gatherRows(
      table.value,
      wanted,
      { reads: this.limits.embeddingReads, rows },
      signal,
    );
    if (!gathered.ok) return gathered;
    const at = new Map(Array.from(gathered.value.ids, (id, i) => [id, i]));
    return ok((id) => {
      const i = at.get(id)!;
      return gathered.value.rows.subarray(i * width, (i + 1) * width);
    });
  }

  /** Opened once: where the method merges whole tensors, that takes the whole table. */
  private async table(tensor: WeightInput, signal?: AbortSignal): Promise<Result<RowTable>> {
    const known = this.tables.get(tensor.name);
    if (known) return ok(known);
    const opened = await openRowTable(tensor, this.subject.weights, this.openScratch, signal);
    if (opened.ok) this.tables.set(tensor.name, opened.value);
    return opened;
  }

  private places(inputs: readonly WeightInput[]): Places {
    const first = this.place(inputs);
    return [first, this.place(inputs, first)];
  }

  private place(inputs: readonly WeightInput[], share?: ReadonlyMap<string, DeviceArray>) {
    const { backend } = this.session;
    return new Map(
      inputs.map(({ name, shape }) => [name, new DeviceArray(backend, elements(shape), share?.get(name))]),
    );
  }
}

const feedsOf = (place: ReadonlyMap<string, DeviceArray>, inputs: readonly WeightInput[]): Feeds =>
  Object.fromEntries(inputs.map(({ name, shape }) => [name, place.get(name)!.tensor(shape)]));

function closeAll(places: readonly ReadonlyMap<string, DeviceArray>[]): void {
  for (const place of places) for (const array of place.values()) array.close();
}
