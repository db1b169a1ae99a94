import type { DecoderGraph, DecoderModel, WeightInput } from "../core/decoder/decoder-model";
import { windowMask } from "../core/decoder/window-mask";
import { type BatchFeeds, HIDDEN } from "../core/scoring/pack";
import type { Backend } from "./backend";
import type { Feeds, Session } from "./ort";
import { RopeFeeds } from "./rope-feeds";
import { release, type Step, type StepFeeds } from "./step";

/** A compiled graph and the names of the inputs that it takes besides weights. */
interface Compiled {
  readonly session: Session;
  readonly graph: DecoderGraph;
}

/** The compiled graphs of one model on one backend; weights are handed in with every call. */
export class DecoderSession {
  private generation: Compiled | null = null;
  private behind: Compiled | null = null;
  private readonly rope: RopeFeeds;
  /** Attention window of the layers that have one. */
  private readonly window: number | null;

  private constructor(
    readonly backend: Backend,
    readonly model: DecoderModel,
    private readonly scoring: Compiled,
  ) {
    this.rope = new RopeFeeds(backend, model.rotary);
    this.window = model.windows.find((window) => window !== null) ?? null;
  }

  /** The weights that every call needs, in graph order. */
  get weights(): readonly WeightInput[] {
    return this.model.weights;
  }

  static async open(backend: Backend, model: DecoderModel): Promise<DecoderSession> {
    const graph = model.scoringGraph();
    return new DecoderSession(backend, model, { graph, session: await backend.session(graph.bytes) });
  }

  /**
   * log p (nats) of each target, and target logit − largest logit. `past` are the keys and values of a prefix that all rows
   * share ([1, kvHeads, past, headDim] each); they stay.
   */
  async score(
    weights: Feeds,
    { rows, length }: { readonly rows: number; readonly length: number },
    batch: BatchFeeds,
    past?: Feeds,
  ): Promise<{ logProb: Float32Array; gap: Float32Array }> {
    const { Tensor } = this.backend.ort;
    if (past) this.behind ??= await this.openBehind();
    const out = await this.run(past ? this.behind! : this.scoring, weights, {
      ...past,
      ...this.inputs(rows, length, batch, batch.lengths),
      source: new Tensor("int32", batch.source, [batch.source.length]),
      target: new Tensor("int32", batch.target, [batch.target.length]),
    });
    return { logProb: out.logProb!.data as Float32Array, gap: out.gap!.data as Float32Array };
  }

  /**
   * One generation step for `rows` rows of `length` tokens behind `past` (see emptyCache); logits after each row's last
   * token, [rows, vocabulary], and the grown cache. The old cache is released.
   */
  async step(weights: Feeds, rows: number, length: number, batch: StepFeeds, past: Feeds): Promise<Step> {
    const { Tensor } = this.backend.ort;
    this.generation ??= await this.openGeneration();
    const last = Int32Array.from({ length: rows }, (_, r) => r * length + length - 1);
    const lengths = Int32Array.from(
      batch.ids,
      (_, i) => Number(batch.positions[last[Math.floor(i / length)]!]!) + 1,
    );
    const { logits, ...present } = await this.run(this.generation, weights, {
      ...past,
      ...this.inputs(rows, length, batch, lengths),
      source: new Tensor("int32", last, [rows]),
    });
    release(past);
    const cache = Object.entries(present).map(([name, tensor]) => [name.replace("present", "past"), tensor]);
    return { logits: logits!.data as Float32Array, cache: Object.fromEntries(cache) as Feeds };
  }

  /** A cache of one column, to be hidden by the mask: onnxruntime has no empty GPU buffers. */
  emptyCache(rows: number): Feeds {
    const { kvHeads, headDim, layers } = this.model;
    const column = new Float32Array(rows * kvHeads * headDim);
    const tensor = () => new this.backend.ort.Tensor("float32", column, [rows, kvHeads, 1, headDim]);
    return Object.fromEntries(
      Array.from({ length: layers }, (_, i) => [
        [`past.key.${i}`, tensor()],
        [`past.value.${i}`, tensor()],
      ]).flat(),
    ) as Feeds;
  }

  async close(): Promise<void> {
    await this.scoring.session.release();
    await this.generation?.session.release();
    await this.behind?.session.release();
  }

  /** What every graph is fed besides weights and targets; `lengths` as in BatchFeeds. */
  private inputs(rows: number, length: number, batch: StepFeeds, lengths: Int32Array): Feeds {
    const { Tensor } = this.backend.ort;
    const keys = batch.mask.length / (rows * length);
    const { feeds, positions } = this.rope.place(batch.positions, lengths, length);
    const mask = (data: Float32Array) => new Tensor("float32", data, [rows, 1, 1, length, keys]);
    return {
      ...feeds,
      ids: new Tensor("int32", batch.ids, [rows, length]),
      positions: new Tensor("int64", positions, [rows, length]),
      mask: mask(batch.mask),
      ...(this.window !== null && { "mask.window": mask(windowMask(batch.mask, keys, this.window, HIDDEN)) }),
    };
  }

  /** Feeds a graph with those of the inputs that it has. */
  private run({ session, graph }: Compiled, weights: Feeds, inputs: Feeds) {
    const own = Object.fromEntries(graph.inputs.map((name) => [name, inputs[name]!]));
    return this.backend.run(session, { ...weights, ...own });
  }

  private async openBehind(): Promise<Compiled> {
    const graph = this.model.scoringGraph({ sharedPast: true });
    return { graph, session: await this.backend.session(graph.bytes) };
  }

  private async openGeneration(): Promise<Compiled> {
    const graph = this.model.generationGraph();
    const cache = graph.outputs.filter((name) => name.startsWith("present."));
    return { graph, session: await this.backend.session(graph.bytes, cache) };
  }
}
