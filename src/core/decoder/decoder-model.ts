export interface WeightInput {
  /** Name of the checkpoint's tensor and of the graph input. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** A compiled-once graph: ONNX bytes and the weights it takes as inputs, in a fixed order. */
export interface DecoderGraph {
  readonly bytes: Uint8Array;
  readonly weights: readonly WeightInput[];
  /** The graph's other inputs; onnxruntime refuses to be fed any besides. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** cos and sin of the rotary angles, each [rows, width]; `positions` of a graph are row numbers of these tables. */
export interface RotaryTables {
  readonly rows: number;
  readonly width: number;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Angle tables of a model. */
export interface Rotary {
  /** Angles of a head. */
  readonly width: number;
  /** Whether angles depend on the length of the sequence (dynamic and longrope scaling). */
  readonly perLength: boolean;
  /** Sequences of lengths with the same key share a table; always 0 where angles depend on the position alone. */
  key(length: number): number;
  /** The tables that a sequence of `length` tokens needs; `rows` (by default `length`) says how long they are. */
  tables(length: number, rows?: number): RotaryTables;
}

/**
 * What a family makes of a config.json. Inputs of every graph besides its weights: ids int32 and positions int64 [batch, length];
 * mask float32 [batch, 1, 1, length, keys] (0 or a large negative number); for layers with a window the input `mask.window` of
 * the same shape; where `rotary` is given, rope.cos and rope.sin. A graph's `inputs` says which of them it has.
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
  /**
   * Attention window of each layer in tokens (itself included): a key is seen where its position > the query's − window; null
   * sees everything before. There is at most one window in a model.
   */
  readonly windows: readonly (number | null)[];
  /** Null without rotary embedding. */
  readonly rotary: Rotary | null;
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

export interface BlockOptions {
  /**
   * "own": inputs past.key, past.value [batch, kvHeads, past, headDim], outputs present.key, present.value with the block's own
   * appended; "shared": inputs alone, [1, kvHeads, past, headDim] for all rows. Keys = past + length.
   */
  readonly past?: "own" | "shared";
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
   * hidden [batch · length, hidden], ids (for the shape alone), and of positions, mask or mask.window, and rope tables those that
   * its `inputs` names → hidden.out. Weights are named as the layer's own, without its number.
   */
  blockGraph(kind: number, options?: BlockOptions): DecoderGraph;
  layerWeights(layer: number): readonly LayerWeight[];
  /**
   * Final norm and one chunk of the head: hidden [K, hidden], head [rows, hidden] (input "head", plus "head.bias" [rows] where the family has one) and
   * local int32 [K] (the target's row in the chunk, clipped into it) → max [K], sum [K] = Σ exp(logit − max), target [K] (logit of `local`). Its
   * `weights` are the norm's. With `logits` it also gives logits [K, rows].
   */
  headGraph(options?: { readonly logits?: boolean }): DecoderGraph;
  readonly head: { readonly table: WeightInput; readonly bias: WeightInput | null };
}
