import { cancelled } from "../../core/checkpoint/byte-source";
import type { DecoderModel } from "../../core/decoder/decoder-model";
import { ok, type Result } from "../../core/result";
import type { Stepper } from "../generator";
import type { Feeds } from "../ort";
import { yieldToEvents } from "../run-queue";
import type { Step, StepFeeds } from "../step";
import type { StreamedModel } from "./streamed-model";
import type { LayerCache } from "./streamed-session";

/** A problem on its way through code that knows exceptions alone. */
export class StepFailed extends Error {
  constructor(readonly result: Result<never>) {
    super("a step failed");
  }
}

/**
 * Generates token by token with a model that does not fit: every step takes all rows through one layer after the other. It
 * steps as DecoderSession does, with the cache in memory; a failure is thrown as StepFailed.
 */
export class StreamedStepper implements Stepper {
  readonly model: DecoderModel;
  constructor(
    private readonly streamed: StreamedModel,
    private readonly signal?: AbortSignal,
  ) {
    this.model = streamed.session.model;
  }

  get backend() {
    return this.streamed.session.backend;
  }

  /** Bytes of the cache of a row with so many tokens. */
  static cacheBytes({ kvHeads, headDim, layers }: DecoderModel, tokens: number): number {
    return 2 * 4 * kvHeads * headDim * layers * (tokens + 1);
  }

  /** A cache of one column, to be hidden by the mask. */
  emptyCache(rows: number): Feeds {
    const { kvHeads, headDim, layers } = this.model;
    const column = new Float32Array(rows * kvHeads * headDim);
    return this.cacheFeeds(
      rows,
      Array.from({ length: layers }, () => ({ keys: column, values: column })),
    );
  }

  /** See DecoderSession.step; the weights are the streamed model's own. */
  async step(_: Feeds, rows: number, length: number, batch: StepFeeds, past: Feeds): Promise<Step> {
    const { session } = this.streamed;
    const width = this.model.hidden;
    const last = Int32Array.from({ length: rows }, (_, r) => r * length + length - 1);
    const lengths = Int32Array.from(
      batch.ids,
      (_, i) => Number(batch.positions[last[Math.floor(i / length)]!]!) + 1,
    );
    const inputs = session.inputs.feeds({ rows, length, ...batch, lengths });
    let hidden = new Float32Array(0);
    this.check(
      await this.streamed.embed(
        [batch],
        async (_, embedded) => {
          hidden = embedded as Float32Array<ArrayBuffer>;
          return ok(null);
        },
        this.signal,
      ),
    );
    const caches: LayerCache[] = [];
    this.check(
      await this.streamed.layers(async (layer, weights) => {
        await yieldToEvents();
        if (this.signal?.aborted) return cancelled();
        const data = (name: string) => past[`past.${name}.${layer}`]!.data as Float32Array;
        const before = { keys: data("key"), values: data("value") };
        const out = await session.blockWithCache(layer, weights, inputs, hidden, { rows }, before);
        hidden = out.hidden as Float32Array<ArrayBuffer>;
        caches.push(out.cache);
        return ok(null);
      }, this.signal),
    );
    const asked = new Float32Array(rows * width);
    for (const [r, row] of last.entries())
      asked.set(hidden.subarray(row * width, (row + 1) * width), r * width);
    return { logits: await this.logits(asked, rows), cache: this.cacheFeeds(rows, caches) };
  }

  private async logits(hidden: Float32Array, rows: number): Promise<Float32Array> {
    const { vocabulary } = this.model;
    const logits = new Float32Array(rows * vocabulary);
    this.check(
      await this.streamed.headChunk(async ({ from, to }, weights) => {
        await yieldToEvents();
        if (this.signal?.aborted) return cancelled();
        const part = await this.streamed.session.headLogits(weights, hidden);
        const size = to - from;
        for (let r = 0; r < rows; r++)
          logits.set(part.subarray(r * size, (r + 1) * size), r * vocabulary + from);
        return ok(null);
      }, this.signal),
    );
    return logits;
  }

  private cacheFeeds(rows: number, caches: readonly LayerCache[]): Feeds {
    const { Tensor } = this.streamed.session.backend.ort;
    const { kvHeads, headDim } = this.model;
    const tensor = (data: Float32Array) =>
      new Tensor("float32", data, [rows, kvHeads, data.length / (rows * kvHeads * headDim), headDim]);
    return Object.fromEntries(
      caches.flatMap(({ keys, values }, i) => [
        [`past.key.${i}`, tensor(keys)],
        [`past.value.${i}`, tensor(values)],
      ]),
    );
  }

  private check(result: Result<unknown>): void {
    if (!result.ok) throw new StepFailed(result);
  }
}
