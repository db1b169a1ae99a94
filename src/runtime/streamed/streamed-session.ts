import type { DecoderGraph, DecoderModel } from "../../core/decoder/decoder-model";
import type { Backend } from "../backend";
import type { Feeds, Session } from "../ort";
import { BatchInputs, type Layout, pick } from "./batch-inputs";
import type { HeadChunk } from "./combine-head";

interface Compiled {
  readonly graph: DecoderGraph;
  readonly session: Session;
}

/** A layer's keys and values of earlier tokens, each [rows, kvHeads, keys, headDim]. */
export interface LayerCache {
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/** The compiled parts of a model on one backend: a block for every kind of layer, and the head. */
export class StreamedSession {
  readonly inputs: BatchInputs;
  private logitsPart: Promise<Session> | null = null;
  private readonly blocks = new Map<string, Promise<Compiled>>();

  private constructor(
    readonly backend: Backend,
    readonly model: DecoderModel,
    private readonly headPart: Compiled,
  ) {
    this.inputs = new BatchInputs(backend, model);
  }

  static async open(backend: Backend, model: DecoderModel): Promise<StreamedSession> {
    const graph = model.parts.headGraph();
    return new StreamedSession(backend, model, { graph, session: await backend.session(graph.bytes) });
  }

  /** Hidden states [rows · length, hidden] through one layer. */
  async block(layer: number, weights: Feeds, inputs: Feeds, hidden: Float32Array): Promise<Float32Array> {
    const out = await this.runBlock(layer, undefined, { ...weights, ...inputs }, hidden);
    return out["hidden.out"]!.data as Float32Array;
  }

  /** The same behind `past`, with the keys and values grown by these tokens. */
  async blockWithCache(
    layer: number,
    weights: Feeds,
    inputs: Feeds,
    hidden: Float32Array,
    { rows }: Pick<Layout, "rows">,
    past: LayerCache,
  ): Promise<{ hidden: Float32Array; cache: LayerCache }> {
    const { kvHeads, headDim } = this.model;
    const keys = past.keys.length / (rows * kvHeads * headDim);
    const tensor = (data: Float32Array) =>
      new this.backend.ort.Tensor("float32", data, [rows, kvHeads, keys, headDim]);
    const feeds = {
      ...weights,
      ...inputs,
      "past.key": tensor(past.keys),
      "past.value": tensor(past.values),
    };
    const out = await this.runBlock(layer, "own", feeds, hidden);
    const data = (name: string) => out[name]!.data as Float32Array;
    return {
      hidden: data("hidden.out"),
      cache: { keys: data("present.key"), values: data("present.value") },
    };
  }

  /** Final norm and a chunk of the head (see DecoderParts.headGraph) for rows [K, hidden]. */
  async head(weights: Feeds, hidden: Float32Array, local: Int32Array): Promise<HeadChunk> {
    const { ort } = this.backend;
    const { max, sum, target } = await this.backend.run(this.headPart.session, {
      ...weights,
      hidden: new ort.Tensor("float32", hidden, [local.length, this.model.hidden]),
      local: new ort.Tensor("int32", local, [local.length]),
    });
    const data = (tensor: typeof max) => tensor!.data as Float32Array;
    return { max: data(max), sum: data(sum), target: data(target) };
  }

  /** Logits [K, rows of the chunk] of rows [K, hidden]. */
  async headLogits(weights: Feeds, hidden: Float32Array): Promise<Float32Array> {
    const { ort } = this.backend;
    this.logitsPart ??= this.backend.session(this.model.parts.headGraph({ logits: true }).bytes);
    const rows = hidden.length / this.model.hidden;
    const { logits } = await this.backend.run(await this.logitsPart, {
      ...weights,
      hidden: new ort.Tensor("float32", hidden, [rows, this.model.hidden]),
      local: new ort.Tensor("int32", new Int32Array(rows), [rows]),
    });
    return logits!.data as Float32Array;
  }

  /** The weights of the head's graph beside the table and its bias: the final norm's. */
  get headNorm(): DecoderGraph["weights"] {
    return this.headPart.graph.weights;
  }

  async close(): Promise<void> {
    for (const block of this.blocks.values()) await (await block).session.release();
    await this.headPart.session.release();
    await (await this.logitsPart)?.release();
  }

  private async runBlock(
    layer: number,
    past: "own" | undefined,
    feeds: Feeds,
    hidden: Float32Array,
  ): Promise<Feeds> {
    const { graph, session } = await this.compiled(this.model.parts.kinds[layer]!, past);
    const size = this.model.hidden;
    const rows = new this.backend.ort.Tensor("float32", hidden, [hidden.length / size, size]);
    const names = [...graph.weights.map((w) => w.name), ...graph.inputs];
    return this.backend.run(session, pick({ ...feeds, hidden: rows }, names));
  }

  private compiled(kind: number, past: "own" | undefined): Promise<Compiled> {
    const key = `${kind} ${past ?? "none"}`;
    let block = this.blocks.get(key);
    if (!block) {
      const graph = this.model.parts.blockGraph(kind, past ? { past } : {});
      block = this.backend.session(graph.bytes).then((session) => ({ graph, session }));
      this.blocks.set(key, block);
    }
    return block;
  }
}
