import type { WeightInput } from "./decoder-shape";

/** A compiled-once graph: ONNX bytes and the weights it takes as inputs, in a fixed order. */
export interface DecoderGraph {
  readonly bytes: Uint8Array;
  readonly weights: readonly WeightInput[];
}

/** cos and sin of the rotary angles, each [rows, width]; `positions` of a graph are row numbers of these tables. */
export interface RotaryTables {
  readonly rows: number;
  readonly width: number;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/**
 * What a family makes of a config.json. Inputs of every graph besides its weights: ids int32 and positions int64 [batch, length];
 * mask float32 [batch, 1, 1, length, keys] (0 or a large negative number); for layers with a window the input `mask.window` of
 * the same shape; where `rotary` is given, rope.cos and rope.sin.
 */
export interface DecoderModel {
  /** model_type of config.json. */
  readonly family: string;
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly parameters: number;
  /** Longest sequence that the model takes, in tokens. */
  readonly maxLength: number;
  /** A layer's keys and values in the cache: [batch, kvHeads, keys, headDim]. */
  readonly kvHeads: number;
  readonly headDim: number;
  /** Every weight in the model's order: names and shapes as in the checkpoint. */
  readonly weights: readonly WeightInput[];
  /** Attention window of each layer in tokens (itself included); null sees everything before. */
  readonly windows: readonly (number | null)[];
  /**
   * Angle tables for sequences of `length` tokens, or null without rotary embedding. Where angles depend on the length (dynamic
   * scaling), `perLength` is true and every sequence needs the tables of its own length.
   */
  readonly rotary: { readonly perLength: boolean; tables(length: number): RotaryTables } | null;
  /** Whole model: also source [K] (flat row) and target [K] int32 → logProb [K] (nats), gap [K] (0 = the target is the argmax). */
  scoringGraph(options?: GraphOptions): DecoderGraph;
  /**
   * Whole model with a cache: also past.key.i, past.value.i [batch, kvHeads, past, headDim] and source [rows] → logits
   * [rows, vocabulary], present.key.i, present.value.i.
   */
  generationGraph(): DecoderGraph;
  readonly parts: DecoderParts;
}

export interface GraphOptions {
  /** Rows of the vocabulary that the head takes at a time. */
  readonly headChunk?: number;
  /**
   * The scoring graph sees a prefix that all rows share: inputs past.key.i, past.value.i [1, kvHeads, past, headDim], keys =
   * past + length.
   */
  readonly sharedPast?: boolean;
}

/** A weight of one layer: its name as an input of the block graph, and in the checkpoint. */
export interface LayerWeight extends WeightInput {
  readonly tensor: string;
}

/** The three parts of a model, for execution layer by layer; composed they are the whole-model graph. */
export interface DecoderParts {
  /**
   * Rows of `table` (gathered outside by id), and of `positionTable` (by position + `positionOffset`) where there is one, are
   * scaled and added outside: hidden = scale · table[id] + positionTable[position].
   */
  readonly embedding: {
    readonly table: WeightInput;
    readonly scale: number;
    readonly positionTable: WeightInput | null;
    readonly positionOffset: number;
  };
  /** Number of the block graph of each layer: layers of one kind share a compiled graph. */
  readonly kinds: readonly number[];
  /**
   * hidden [batch · length, hidden], ids (for the shape), positions, mask(s), rope tables → hidden. Weights are named as the layer's own, without its
   * number.
   */
  blockGraph(kind: number): DecoderGraph;
  layerWeights(layer: number): readonly LayerWeight[];
  /**
   * Final norm and one chunk of the head: hidden [K, hidden], head [rows, hidden] (input "head", plus "head.bias" [rows] where the family has one) and
   * local int32 [K] (the target's row in the chunk, clipped into it) → max [K], sum [K] = Σ exp(logit − max), target [K] (logit of `local`).
   */
  headGraph(): DecoderGraph;
  readonly head: { readonly table: WeightInput; readonly bias: WeightInput | null };
}
