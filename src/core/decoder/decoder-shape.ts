import type { Qwen3Config } from "../checkpoint/config";

/** What the graph builders need to know of a model; one family's config.json becomes one of these. */
export interface DecoderShape {
  readonly family: "qwen3";
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly inner: number;
  readonly normEps: number;
  readonly ropeTheta: number;
  /** Longest sequence the model was made for. */
  readonly maxLength: number;
  readonly tied: boolean;
  readonly attentionBias: boolean;
}

export interface WeightInput {
  /** Name of the checkpoint's tensor and of the graph input. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** A compiled-once graph: ONNX bytes and the weights it takes as inputs, in a fixed order. */
export interface DecoderGraph {
  readonly bytes: Uint8Array;
  readonly weights: readonly WeightInput[];
}

/** cos and sin of the rotary angles for positions 0 … length−1, each [length, headDim/2], rounded from float64. */
export function rotaryTables(shape: DecoderShape, length: number): { cos: Float32Array; sin: Float32Array } {
  const half = shape.headDim / 2;
  const cos = new Float32Array(length * half);
  const sin = new Float32Array(length * half);
  for (let i = 0; i < half; i++) {
    const frequency = shape.ropeTheta ** (-(2 * i) / shape.headDim);
    for (let p = 0; p < length; p++) {
      cos[p * half + i] = Math.cos(p * frequency);
      sin[p * half + i] = Math.sin(p * frequency);
    }
  }
  return { cos, sin };
}

/** The shape that a checked config.json describes. */
export function qwen3Shape(config: Qwen3Config): DecoderShape {
  return {
    family: "qwen3",
    vocabulary: config.vocabSize,
    hidden: config.hiddenSize,
    layers: config.layers,
    heads: config.heads,
    kvHeads: config.kvHeads,
    headDim: config.headDim,
    inner: config.intermediateSize,
    normEps: config.rmsNormEps,
    ropeTheta: config.ropeTheta,
    maxLength: config.maxPositions,
    tied: config.tieWordEmbeddings,
    attentionBias: false,
  };
}
