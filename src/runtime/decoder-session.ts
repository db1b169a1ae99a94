import { type DecoderShape, rotaryTables, type WeightInput } from "../core/decoder/decoder-shape";
import { qwen3GenerationGraph, qwen3ScoringGraph } from "../core/decoder/qwen3";
import type { BatchFeeds } from "../core/scoring/pack";
import type { Backend } from "./backend";
import type { Feeds, Session, Tensor } from "./ort";

const ROPE_STEP = 256;

/** The compiled graphs of one shape on one backend; weights are handed in with every call. */
export class DecoderSession {
  private generation: Session | null = null;
  private rope: { length: number; feeds: Feeds } | null = null;

  private constructor(
    readonly backend: Backend,
    readonly shape: DecoderShape,
    /** The weights that every call needs, in graph order. */
    readonly weights: readonly WeightInput[],
    private readonly scoring: Session,
  ) {}

  static async open(backend: Backend, shape: DecoderShape): Promise<DecoderSession> {
    const { bytes, weights } = qwen3ScoringGraph(shape);
    return new DecoderSession(backend, shape, weights, await backend.session(bytes));
  }

  /** log p (nats) of each target, and target logit − largest logit. */
  async score(
    weights: Feeds,
    { rows, length }: { readonly rows: number; readonly length: number },
    batch: BatchFeeds,
  ): Promise<{ logProb: Float32Array; gap: Float32Array }> {
    const { Tensor } = this.backend.ort;
    const out = await this.backend.run(this.scoring, {
      ...weights,
      ...this.ropeFeeds(length),
      ids: new Tensor("int32", batch.ids, [rows, length]),
      positions: new Tensor("int64", batch.positions, [rows, length]),
      mask: new Tensor("float32", batch.mask, [rows, 1, 1, length, length]),
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
    const keys = batch.mask.length / (rows * length);
    const last = Int32Array.from({ length: rows }, (_, r) => r * length + length - 1);
    const highest = Math.max(...Array.from(batch.positions, Number));
    const { logits, ...present } = await this.backend.run(this.generation, {
      ...weights,
      ...past,
      ...this.ropeFeeds(highest + 1),
      ids: new Tensor("int32", batch.ids, [rows, length]),
      positions: new Tensor("int64", batch.positions, [rows, length]),
      mask: new Tensor("float32", batch.mask, [rows, 1, 1, length, keys]),
      source: new Tensor("int32", last, [rows]),
    });
    release(past);
    const cache = Object.entries(present).map(([name, tensor]) => [name.replace("present", "past"), tensor]);
    return { logits: logits!.data as Float32Array, cache: Object.fromEntries(cache) as Feeds };
  }

  /** A cache of one column, to be hidden by the mask: onnxruntime has no empty GPU buffers. */
  emptyCache(rows: number): Feeds {
    const { kvHeads, headDim, layers } = this.shape;
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
    await this.scoring.release();
    await this.generation?.release();
  }

  private openGeneration(): Promise<Session> {
    const layers = Array.from({ length: this.shape.layers }, (_, i) => i);
    const cache = layers.flatMap((i) => [`present.key.${i}`, `present.value.${i}`]);
    return this.backend.session(qwen3GenerationGraph(this.shape).bytes, cache);
  }

  private ropeFeeds(length: number): Feeds {
    if (!this.rope || this.rope.length < length) {
      const rows = Math.ceil(length / ROPE_STEP) * ROPE_STEP;
      const { cos, sin } = rotaryTables(this.shape, rows);
      const tensor = (data: Float32Array): Tensor =>
        new this.backend.ort.Tensor("float32", data, [rows, this.shape.headDim / 2]);
      this.rope = { length: rows, feeds: { "rope.cos": tensor(cos), "rope.sin": tensor(sin) } };
    }
    return this.rope.feeds;
  }
}

export interface StepFeeds {
  readonly ids: Int32Array;
  readonly positions: BigInt64Array;
  /** [rows, 1, 1, length, keys] */
  readonly mask: Float32Array;
}

export interface Step {
  readonly logits: Float32Array;
  readonly cache: Feeds;
}

/** Frees tensors that live on the device. */
export function release(tensors: Feeds): void {
  for (const tensor of Object.values(tensors)) if (tensor.location === "gpu-buffer") tensor.dispose();
}
