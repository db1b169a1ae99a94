import { type AttentionShapes, attend, attentionShapes, headsFirst, type KeyValues } from "./blocks";
import type { Blueprint } from "./blueprint";
import type { OnnxGraph } from "./onnx-graph";

/** How a graph's layers get the keys and values of earlier tokens. */
export type Past = "none" | "own" | "shared";

export interface AttentionOptions {
  /** Factor of the scores, commonly 1/√headDim. */
  readonly scale: number;
  /** Applied to [batch, length, heads, headDim] before the rotary embedding. */
  readonly qNorm?: (q: string) => string;
  readonly kNorm?: (k: string) => string;
  /** false: this layer has no rotary embedding. */
  readonly rotary?: boolean;
  /** Scores become cap · tanh(score / cap). */
  readonly softcap?: number;
}

/** One layer as its family's file sees it: the graph, the names of its weights, and attention. */
export interface Block {
  readonly g: OnnxGraph;
  /** Input name of the layer's weight `name` (without the layer's prefix). */
  w(name: string): string;
  /** Of rows [N, …] those that go on behind attention: what is added to its output, and what a parallel branch takes. */
  readonly goingOn: (rows: string) => string;
  /** q [N, heads · headDim], k, v [N, kvHeads · headDim] → [N, heads · headDim], of the rows that go on. */
  attention(q: string, k: string, v: string, options: AttentionOptions): string;
}

/** Makes the blocks of a graph and declares its shared inputs when they are first needed. */
export class BlockBuilder {
  /** Inputs other than weights, in order of declaration. */
  readonly inputs: string[] = [];
  private readonly shapes: AttentionShapes;

  constructor(
    private readonly g: OnnxGraph,
    private readonly model: Blueprint,
    private readonly past: Past,
  ) {
    this.shapes = attentionShapes(g, this.input("ids", "int32", ["batch", "length"]), model);
  }

  /** Declares the input once. */
  input(name: string, type: "float32" | "int32" | "int64", dims: readonly (number | string)[]): string {
    if (!this.inputs.includes(name)) {
      this.inputs.push(name);
      this.g.input(name, type, dims);
    }
    return name;
  }

  positions(): string {
    return this.input("positions", "int64", ["batch", "length"]);
  }

  mask(windowed: boolean): string {
    return this.input(windowed ? "mask.window" : "mask", "float32", ["batch", 1, 1, "length", "keys"]);
  }

  /**
   * `suffix` follows past.key and past.value; `onCache` is given the keys and values including past ones; `asked` names the
   * rows that alone are needed behind the layer.
   */
  block(
    layer: number,
    w: (name: string) => string,
    suffix: string,
    onCache: (keys: string, values: string) => void,
    asked?: string,
  ): Block {
    const { g, model, shapes } = this;
    const goingOn = (rows: string) =>
      asked === undefined ? rows : g.node("Gather", [rows, asked], { axis: 0 });
    const mask = this.mask((model.window?.(layer) ?? null) !== null);
    return {
      g,
      w,
      goingOn,
      attention: (q, k, v, options) => {
        const scaled = g.node("Mul", [
          this.heads(q, "q", options.qNorm, options.rotary !== false),
          g.float(options.scale),
        ]);
        const keys = this.heads(k, "k", options.kNorm, options.rotary !== false);
        const values = headsFirst(g, g.node("Reshape", [v, shapes.k4]));
        const own = { keys, values };
        const mix = (parts: readonly KeyValues[]) =>
          goingOn(attend(g, scaled, parts, mask, shapes, options.softcap));
        if (this.past === "none") return mix([own]);
        const cache = [this.past === "own" ? "batch" : 1, model.kvHeads, "past", model.headDim];
        const past = {
          keys: this.input(`past.key${suffix}`, "float32", cache),
          values: this.input(`past.value${suffix}`, "float32", cache),
        };
        if (this.past === "shared") return mix([{ ...past, shared: true }, own]);
        const all = {
          keys: g.node("Concat", [past.keys, keys], { axis: 2 }),
          values: g.node("Concat", [past.values, values], { axis: 2 }),
        };
        onCache(all.keys, all.values);
        return mix([all]);
      },
    };
  }

  /** Rows [N, h · d] → [batch, h, length, d], normed and turned. */
  private heads(
    rows: string,
    which: "q" | "k",
    norm: ((x: string) => string) | undefined,
    rotary: boolean,
  ): string {
    const { g, model, shapes } = this;
    const [four, three] = which === "q" ? [shapes.q4, shapes.q3] : [shapes.k4, shapes.k3];
    const { rotary: tables } = model;
    const turns = rotary && tables !== null;
    const split = () => g.node("Reshape", [rows, four]);
    if (!turns) return headsFirst(g, norm ? norm(split()) : split());
    const flat = g.node("Reshape", [norm ? norm(split()) : rows, three]);
    const cos = this.input("rope.cos", "float32", ["rope", tables.width]);
    const sin = this.input("rope.sin", "float32", ["rope", tables.width]);
    const turned = g.node("RotaryEmbedding", [flat, cos, sin, this.positions()], {
      num_heads: which === "q" ? model.heads : model.kvHeads,
      ...(2 * tables.width === model.headDim ? {} : { rotary_embedding_dim: 2 * tables.width }),
    });
    return headsFirst(g, g.node("Reshape", [turned, four]));
  }
}
