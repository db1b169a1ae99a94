import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { memorySource } from "../core/checkpoint/byte-source";
import { openSafetensors, readTensor } from "../core/checkpoint/safetensors";
import type { DecoderModel } from "../core/decoder/decoder-model";
import { decoderOf } from "../core/decoder/families";
import { type PlainShape, plainForward } from "../core/decoder/plain-forward";
import { plainQwen3 } from "../core/decoder/plain-qwen3";
import { seededWeights } from "../core/decoder/seeded-weights";
import { PlainOps } from "../core/merge/block-ops";
import { memoryTensors } from "../core/merge/memory-tensors";
import { batchFeeds, packBatches } from "../core/scoring/pack";
import { tokenTree } from "../core/scoring/token-tree";
import { type Backend, openBackend } from "./backend";
import { CpuBank } from "./cpu-bank";
import { DecoderSession } from "./decoder-session";
import type { Feeds } from "./ort";
import { testPlatform } from "./test-platform.fixture";

const BASE: PlainShape = {
  vocabulary: 40,
  hidden: 16,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 8,
  inner: 24,
  normEps: 1e-6,
  ropeTheta: 10_000,
  maxLength: 64,
  tied: true,
  attentionBias: false,
};
const SHAPES: [string, Partial<PlainShape>][] = [
  ["tied, grouped heads", {}],
  ["untied", { tied: false }],
  ["one key-value head", { kvHeads: 1 }],
  ["as many key-value heads", { kvHeads: 4 }],
  ["wide heads", { headDim: 12, heads: 2, kvHeads: 1 }],
  ["attention bias", { attentionBias: true }],
];

let backend: Backend;
beforeAll(async () => {
  const opened = await openBackend(testPlatform(), "wasm");
  if (typeof opened === "string") throw new Error(opened);
  backend = opened;
}, 120_000);

async function feedsOf(model: DecoderModel, weights: ReadonlyMap<string, Float32Array>): Promise<Feeds> {
  const bank = new CpuBank(backend, {
    inputs: model.weights,
    base: null,
    components: [],
    ops: new PlainOps(),
  });
  const loaded = await bank.load(memoryTensors("test", weights));
  if (!loaded.ok) throw new Error(loaded.problem.message);
  return bank.feeds;
}

/** log p of every token but the first, and whether each is the argmax. */
async function score(session: DecoderSession, feeds: Feeds, tokens: readonly number[]) {
  const unit = { owner: null, tree: tokenTree([{ tokens, from: 1 }]) };
  const batch = packBatches([unit], { tokens: 1024, targets: 1024 })[0]!;
  const { logProb, gap } = await session.score(feeds, batch, batchFeeds(batch));
  return { logProb: [...logProb], greedy: [...gap].map((g) => g >= 0) };
}

describe("the scoring graph against float64", () => {
  it.each(SHAPES)("%s", async (_, changes) => {
    const shape = { ...BASE, ...changes };
    const model = plainQwen3(shape);
    const weights = seededWeights(model.weights, 3, 0.5);
    const session = await DecoderSession.open(backend, model);
    const ids = Array.from({ length: 29 }, (_, i) => (i * 17 + 3) % shape.vocabulary);
    const plain = plainForward(shape, weights, ids);
    const { logProb, greedy } = await score(session, await feedsOf(model, weights), ids);
    for (const [i, value] of logProb.entries()) {
      expect(value).toBeCloseTo(plain[i]![ids[i + 1]!]!, 4);
      expect(greedy[i]).toBe(plain[i]!.every((p) => p <= plain[i]![ids[i + 1]!]!));
    }
    await session.close();
  });

  it("gives the same with the head in chunks", async () => {
    const model = plainQwen3(BASE);
    const weights = seededWeights(model.weights, 4, 0.5);
    const feeds = await feedsOf(model, weights);
    const whole = await backend.session(model.scoringGraph().bytes);
    const chunked = await backend.session(model.scoringGraph({ headChunk: 17 }).bytes);
    const ids = Array.from({ length: 20 }, (_, i) => (i * 7 + 1) % BASE.vocabulary);
    const unit = { owner: null, tree: tokenTree([{ tokens: ids, from: 1 }]) };
    const batch = packBatches([unit], { tokens: 1024, targets: 1024 })[0]!;
    const session = await DecoderSession.open(backend, model);
    const inputs: Feeds = {};
    const recording = {
      ...backend,
      run: async (s: typeof whole, all: Feeds) => backend.run(s, Object.assign(inputs, all)),
    };
    Object.assign(session, { backend: recording });
    await session.score(feeds, batch, batchFeeds(batch));
    const [a, b] = [await backend.run(whole, inputs), await backend.run(chunked, inputs)];
    for (const name of ["logProb", "gap"]) {
      const [x, y] = [a[name]!.data as Float32Array, b[name]!.data as Float32Array];
      for (let i = 0; i < x.length; i++) expect(y[i]).toBeCloseTo(x[i]!, 5);
    }
  });
});

interface Case {
  readonly name: string;
  readonly weights: string;
  readonly config: Record<string, unknown>;
  readonly rows: readonly {
    readonly tokens: number[];
    readonly lastLogits: number[];
    readonly logProbs: number[];
    readonly greedy: number[];
  }[];
}

const VALUES = new URL("../../reference/values/", import.meta.url);
const { cases } = JSON.parse(readFileSync(new URL("tiny-qwen3.json", VALUES), "utf8")) as { cases: Case[] };

describe("against transformers", () => {
  it.each(cases.map((c) => [c.name, c] as const))("%s", async (_, { weights, config, rows }) => {
    const parsed = decoderOf(config, "config.json");
    if (!parsed.ok) throw new Error(parsed.problem.message);
    const model = parsed.value;
    const bytes = new Uint8Array(readFileSync(new URL(weights, VALUES)));
    const file = await openSafetensors(memorySource(weights, bytes));
    if (!file.ok) throw new Error(file.problem.message);
    const tensors = new Map<string, Float32Array>();
    for (const { name } of model.weights) {
      const tensor = await readTensor(file.value, name);
      if (tensor.ok) tensors.set(name, tensor.value);
    }
    const feeds = await feedsOf(model, tensors);
    const session = await DecoderSession.open(backend, model);
    for (const { tokens, lastLogits, logProbs, greedy } of rows) {
      const length = tokens.length;
      const mask = new Float32Array(length * (length + 1)).fill(-1e9);
      for (let i = 0; i < length; i++) mask.fill(0, i * (length + 1) + 1, i * (length + 1) + 2 + i);
      const positions = BigInt64Array.from(tokens, (_, i) => BigInt(i));
      const batch = { ids: Int32Array.from(tokens), positions, mask };
      const step = await session.step(feeds, 1, length, batch, session.emptyCache(1));
      for (const [v, logit] of lastLogits.entries())
        expect(Math.abs(step.logits[v]! - logit)).toBeLessThan(1e-3);
      expect(step.logits.indexOf(Math.max(...step.logits))).toBe(greedy.at(-1));
      if (length < 2) continue;
      const scored = await score(session, feeds, tokens);
      for (const [i, value] of logProbs.entries()) {
        expect(Math.abs(scored.logProb[i]! - value)).toBeLessThan(1e-3);
        expect(scored.greedy[i]).toBe(greedy[i] === tokens[i + 1]);
      }
    }
    await session.close();
  });
});
