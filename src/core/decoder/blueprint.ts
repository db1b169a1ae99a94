import type { Block } from "./block";
import type { Rotary, WeightInput } from "./decoder-model";
import type { OnnxGraph } from "./onnx-graph";

/** What one family's file makes of a config: sizes, names of tensors, and the computation of a layer. */
export interface Blueprint {
  readonly family: string;
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly maxLength: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** What checkpoints of the model without its head leave out in front of names, such as "model.". */
  readonly prefix: string;
  readonly embedding: string;
  /** Factor of the embedding's rows; 1 where absent. */
  readonly embeddingScale?: number;
  /** Table of learned positions: position + offset is its row. */
  readonly positions?: { readonly name: string; readonly rows: number; readonly offset: number };
  readonly rotary: Rotary | null;
  /** What stands before the names of a layer's weights, with its number. */
  layerPrefix(layer: number): string;
  /** Weights of every layer, without that prefix. */
  readonly layerWeights: readonly WeightInput[];
  /** Attention window of a layer; absent: none has one. */
  window?(layer: number): number | null;
  /** Layers that differ in more than their window have different kinds; absent: none do. */
  kind?(layer: number): string;
  /** Rows [batch · length, hidden] through layer `layer`. */
  block(b: Block, x: string, layer: number): string;
  readonly finalNorm: {
    readonly weights: readonly WeightInput[];
    /** `w` gives the input name of a weight. */
    apply(g: OnnxGraph, x: string, w: (name: string) => string): string;
  };
  readonly head: {
    /** The embedding's name where they are tied. */
    readonly weight: string;
    readonly bias?: string;
    /** What is done to logits; identity where absent. */
    readonly logits?: (g: OnnxGraph, logits: string) => string;
  };
}
