import { BlockBuilder, type Past } from "./block";
import { linear } from "./blocks";
import type { Blueprint } from "./blueprint";
import type {
  BlockOptions,
  DecoderGraph,
  DecoderModel,
  DecoderParts,
  GraphOptions,
  WeightInput,
} from "./decoder-model";
import { OnnxGraph } from "./onnx-graph";
import { chunkHead, targetHead } from "./target-head";

const HEAD_CHUNK = 32_768;

/** The graphs and weights of a model, composed from what its family says of it. */
export function buildModel(model: Blueprint): DecoderModel {
  const weights = modelWeights(model);
  const count = ({ shape }: WeightInput) => shape.reduce((a, b) => a * b, 1);
  return {
    family: model.family,
    vocabulary: model.vocabulary,
    hidden: model.hidden,
    layers: model.layers,
    parameters: weights.reduce((n, w) => n + count(w), 0),
    maxLength: model.maxLength,
    kvHeads: model.kvHeads,
    headDim: model.headDim,
    weights,
    windows: layerNumbers(model).map((i) => model.window?.(i) ?? null),
    rotary: model.rotary,
    scoringGraph: (options) => scoringGraph(model, weights, options),
    generationGraph: () => generationGraph(model, weights),
    parts: modelParts(model),
  };
}

const layerNumbers = (model: Blueprint) => Array.from({ length: model.layers }, (_, i) => i);

const table = (model: Blueprint): WeightInput => ({
  name: model.embedding,
  shape: [model.vocabulary, model.hidden],
});

const positionTable = ({ positions, hidden }: Blueprint): WeightInput | null =>
  positions ? { name: positions.name, shape: [positions.rows, hidden] } : null;

const headTable = (model: Blueprint): WeightInput => ({
  name: model.head.weight,
  shape: [model.vocabulary, model.hidden],
});

const headBias = ({ head, vocabulary }: Blueprint): WeightInput | null =>
  head.bias === undefined ? null : { name: head.bias, shape: [vocabulary] };

const named = (model: Blueprint, layer: number): WeightInput[] =>
  model.layerWeights.map(({ name, shape }) => ({ name: model.layerPrefix(layer) + name, shape }));

function modelWeights(model: Blueprint): WeightInput[] {
  const [positions, bias] = [positionTable(model), headBias(model)];
  return [
    table(model),
    ...(positions ? [positions] : []),
    ...layerNumbers(model).flatMap((i) => named(model, i)),
    ...model.finalNorm.weights,
    ...(model.head.weight === model.embedding ? [] : [headTable(model)]),
    ...(bias ? [bias] : []),
  ];
}

interface Body {
  readonly builder: BlockBuilder;
  /** Normed hidden states of the rows that `source` asks for, [K, hidden]. */
  readonly hidden: string;
  /** Keys and values of each layer including the past ones, [batch, kvHeads, keys, headDim]. */
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** Embedding, blocks and final norm. Behind the last layer's attention only the rows that are asked for go on. */
function body(g: OnnxGraph, model: Blueprint, weights: readonly WeightInput[], past: Past): Body {
  for (const w of weights) g.input(w.name, "float32", w.shape);
  const builder = new BlockBuilder(g, model, past);
  const keys: string[] = [];
  const values: string[] = [];
  const source = builder.input("source", "int32", ["asked"]);
  let x = embed(g, model, builder);
  for (const layer of layerNumbers(model)) {
    const prefix = model.layerPrefix(layer);
    const block = builder.block(
      layer,
      (name) => prefix + name,
      `.${layer}`,
      (k, v) => {
        keys.push(k);
        values.push(v);
      },
      layer === model.layers - 1 ? source : undefined,
    );
    x = model.block(block, x, layer);
  }
  return { builder, hidden: model.finalNorm.apply(g, x, (name) => name), keys, values };
}

function embed(g: OnnxGraph, model: Blueprint, builder: BlockBuilder): string {
  const flat = (ids: string) => g.node("Reshape", [ids, g.ints(-1)]);
  const { embedding, embeddingScale: scale = 1, positions } = model;
  const rows = g.node("Gather", [embedding, flat("ids")], { axis: 0 });
  const scaled = scale === 1 ? rows : g.node("Mul", [rows, g.float(scale)]);
  if (!positions) return scaled;
  const numbers = flat(builder.positions());
  const at = positions.offset === 0 ? numbers : g.node("Add", [numbers, g.ints(positions.offset)]);
  return g.node("Add", [scaled, g.node("Gather", [positions.name, at], { axis: 0 })]);
}

/** The head takes `headChunk` rows of the vocabulary at a time. */
function scoringGraph(
  model: Blueprint,
  weights: readonly WeightInput[],
  { headChunk = HEAD_CHUNK, sharedPast = false }: GraphOptions = {},
): DecoderGraph {
  const g = new OnnxGraph();
  const { builder, hidden } = body(g, model, weights, sharedPast ? "shared" : "none");
  const target = builder.input("target", "int32", ["targets"]);
  const scores = targetHead(g, hidden, model, target, headChunk);
  g.output(scores.logProb, "logProb", "float32", ["targets"]);
  g.output(scores.gap, "gap", "float32", ["targets"]);
  return graph(g, `${model.family}-scoring`, weights, builder);
}

function generationGraph(model: Blueprint, weights: readonly WeightInput[]): DecoderGraph {
  const g = new OnnxGraph();
  const { builder, hidden, keys, values } = body(g, model, weights, "own");
  const plain = linear(g, hidden, model.head.weight, model.head.bias);
  g.output(model.head.logits?.(g, plain) ?? plain, "logits", "float32", ["rows", model.vocabulary]);
  const cache = ["batch", model.kvHeads, "keys", model.headDim];
  for (const i of layerNumbers(model)) {
    g.output(keys[i]!, `present.key.${i}`, "float32", cache);
    g.output(values[i]!, `present.value.${i}`, "float32", cache);
  }
  return graph(g, `${model.family}-generation`, weights, builder);
}

function modelParts(model: Blueprint): DecoderParts {
  const names = layerNumbers(model).map((i) => `${model.kind?.(i) ?? ""} ${model.window?.(i) ?? null}`);
  const distinct = [...new Set(names)];
  const kinds = names.map((name) => distinct.indexOf(name));
  return {
    embedding: {
      table: table(model),
      scale: model.embeddingScale ?? 1,
      positionTable: positionTable(model),
      positionOffset: model.positions?.offset ?? 0,
    },
    kinds,
    blockGraph: (kind, options) => blockGraph(model, kinds.indexOf(kind), options),
    layerWeights: (layer) =>
      model.layerWeights.map((w) => ({ ...w, tensor: model.layerPrefix(layer) + w.name })),
    headGraph: (options) => headGraph(model, options?.logits === true),
    head: { table: headTable(model), bias: headBias(model) },
  };
}

function blockGraph(model: Blueprint, layer: number, { past }: BlockOptions = {}): DecoderGraph {
  const g = new OnnxGraph();
  for (const w of model.layerWeights) g.input(w.name, "float32", w.shape);
  const builder = new BlockBuilder(g, model, past ?? "none");
  const x = builder.input("hidden", "float32", ["tokens", model.hidden]);
  const cache = ["batch", model.kvHeads, "keys", model.headDim];
  const block = builder.block(
    layer,
    (name) => name,
    "",
    (keys, values) => {
      g.output(keys, "present.key", "float32", cache);
      g.output(values, "present.value", "float32", cache);
    },
  );
  g.output(model.block(block, x, layer), "hidden.out", "float32", ["tokens", model.hidden]);
  return graph(g, `${model.family}-block`, model.layerWeights, builder);
}

function headGraph(model: Blueprint, withLogits: boolean): DecoderGraph {
  const g = new OnnxGraph();
  const { weights, apply } = model.finalNorm;
  for (const w of weights) g.input(w.name, "float32", w.shape);
  const hidden = g.input("hidden", "float32", ["targets", model.hidden]);
  const head = g.input("head", "float32", ["rows", model.hidden]);
  const bias = model.head.bias === undefined ? undefined : g.input("head.bias", "float32", ["rows"]);
  const local = g.input("local", "int32", ["targets"]);
  const { logits } = model.head;
  const chunk = chunkHead(
    g,
    apply(g, hidden, (name) => name),
    { weight: head, bias, logits },
    local,
  );
  for (const name of ["max", "sum", "target"] as const) g.output(chunk[name], name, "float32", ["targets"]);
  if (withLogits) g.output(chunk.logits, "logits", "float32", ["targets", "rows"]);
  return {
    bytes: g.encode(`${model.family}-head`),
    weights,
    inputs: ["hidden", "head", ...(bias ? [bias] : []), "local"],
    outputs: g.outputNames,
  };
}

const graph = (
  g: OnnxGraph,
  name: string,
  weights: readonly WeightInput[],
  { inputs }: BlockBuilder,
): DecoderGraph => ({ bytes: g.encode(name), weights, inputs, outputs: g.outputNames });
