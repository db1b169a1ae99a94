import { beforeAll, describe, expect, it } from "vitest";
import type { DecoderModel } from "../../core/decoder/decoder-model";
import { decoderOf } from "../../core/decoder/families";
import { seededWeights } from "../../core/decoder/seeded-weights";
import { PlainOps } from "../../core/merge/block-ops";
import { memoryTensors } from "../../core/merge/memory-tensors";
import { type Result, sentence } from "../../core/result";
import { batchFeeds, HIDDEN, packBatches } from "../../core/scoring/pack";
import { itemTrees } from "../../core/scoring/token-tree";
import { seededRandom } from "../../core/seeded-random";
import { type Backend, openBackend } from "../backend";
import { CpuBank } from "../cpu-bank";
import { DecoderSession } from "../decoder-session";
import type { PlannedItem } from "../score-plan";
import { testPlatform } from "../test-platform.fixture";
import { activationStore } from "./activation-store";
import { arrayScratch } from "./array-scratch.fixture";
import { scorePass } from "./score-pass";
import { StreamedModel } from "./streamed-model";
import { StreamedSession } from "./streamed-session";
import { StreamedStepper } from "./streamed-stepper";
import { plainWeights } from "./subject-weights";
import { TINY_MODELS } from "./tiny-models.fixture";

let backend: Backend;
beforeAll(async () => {
  const opened = await openBackend(testPlatform(), "wasm");
  if (typeof opened === "string") throw new Error(opened);
  backend = opened;
}, 120_000);

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

/** Items of two or three sequences that begin alike, of 2 to 40 tokens. */
function someItems(vocabulary: number): PlannedItem[] {
  const random = seededRandom(9);
  const text = (length: number) => Array.from({ length }, () => Math.floor(random() * vocabulary));
  return Array.from({ length: 6 }, (_, item) => {
    const prompt = text(1 + Math.floor(random() * 30));
    const sequences = Array.from({ length: 2 + (item % 2) }, () => ({
      tokens: [...prompt, ...text(1 + Math.floor(random() * 9))],
      from: item % 4 === 0 ? 1 : prompt.length,
    }));
    return { task: 0, item, at: item, sequences: sequences.length, trees: itemTrees(sequences, 1024) };
  });
}

/** Sums and greedy counts by the whole model's graph. */
async function wholeModel(
  model: DecoderModel,
  weights: ReadonlyMap<string, Float32Array>,
  items: PlannedItem[],
) {
  const bank = new CpuBank(backend, {
    inputs: model.weights,
    base: null,
    components: [],
    ops: new PlainOps(),
  });
  value(await bank.load(memoryTensors("test", weights)));
  const session = await DecoderSession.open(backend, model);
  const out = items.map(({ sequences }) => ({
    sums: new Float64Array(sequences),
    greedy: new Int32Array(sequences),
  }));
  const units = items.flatMap(({ trees }, owner) => trees.map((tree) => ({ owner, tree })));
  for (const batch of packBatches(units, { tokens: 4096, targets: 4096 })) {
    const { logProb, gap } = await session.score(bank.feeds, batch, batchFeeds(batch));
    let k = 0;
    for (const { unit } of batch.placed)
      for (const slot of unit.tree.slots) {
        out[unit.owner]!.sums[slot]! += logProb[k]!;
        if (gap[k]! >= 0) out[unit.owner]!.greedy[slot]!++;
        k++;
      }
  }
  await session.close();
  return out;
}

const subjectOf = (weights: ReadonlyMap<string, Float32Array>) => ({
  weights: plainWeights(memoryTensors("test", weights), new PlainOps()),
  passBytes: 0,
  merged: false,
});

describe("layer by layer", () => {
  it.each(TINY_MODELS)("%s: scores as the whole model's graph does", async (_, config) => {
    const model = value(decoderOf(config, "config.json"));
    const weights = seededWeights(model.weights, 5, 0.4);
    const items = someItems(model.vocabulary);
    const expected = await wholeModel(model, weights, items);
    const session = await StreamedSession.open(backend, model);
    const { open } = arrayScratch();
    const streamed = new StreamedModel(
      session,
      subjectOf(weights),
      open,
      // Chunks of 7 rows: the vocabulary is no multiple of them.
      { tableBytes: 7 * 4 * model.hidden, embeddingReads: 4 },
    );
    const store = activationStore(4 * model.hidden * 100, open);
    const steps: number[] = [];
    const { outcomes, tokens } = value(
      await scorePass(streamed, items, store, {
        batchTokens: 96,
        headTargets: 10,
        onStep: (done, total) => steps.push(done / total),
      }),
    );
    expect(store.spilledBytes).toBeGreaterThan(0);
    expect(tokens).toBe(items.flatMap((i) => i.trees).reduce((n, t) => n + t.tokens.length, 0));
    for (const [i, { sums, greedy }] of expected.entries()) {
      for (const [s, sum] of sums.entries())
        expect(Math.abs(outcomes[i]!.sums[s]! - sum)).toBeLessThan(2e-5 * (1 + Math.abs(sum)));
      expect(outcomes[i]!.greedy).toEqual(greedy);
    }
    expect(steps).toHaveLength(1 + model.layers + Math.ceil(model.vocabulary / 7));
    expect(steps.at(-1)).toBe(1);
    await store.close();
    await streamed.close();
    await session.close();
  });

  it.each(TINY_MODELS)("%s: generates as the whole model's graph does", async (_, config) => {
    const model = value(decoderOf(config, "config.json"));
    const weights = seededWeights(model.weights, 5, 0.4);
    const bank = new CpuBank(backend, {
      inputs: model.weights,
      base: null,
      components: [],
      ops: new PlainOps(),
    });
    value(await bank.load(memoryTensors("test", weights)));
    const whole = await DecoderSession.open(backend, model);
    const parts = await StreamedSession.open(backend, model);
    const streamed = new StreamedModel(parts, subjectOf(weights), async () => null, {
      tableBytes: 7 * 4 * model.hidden,
      embeddingReads: 4,
    });
    const stepper = new StreamedStepper(streamed);
    let [a, b] = [whole.emptyCache(2), stepper.emptyCache(2)];
    for (let step = 0, keys = 1; step < 4; step++) {
      const length = step === 0 ? 14 : 1;
      keys += length;
      const mask = new Float32Array(2 * length * keys);
      for (let i = 0; i < 2 * length; i++) {
        mask[i * keys] = HIDDEN;
        mask.fill(HIDDEN, i * keys + keys - length + (i % length) + 1, (i + 1) * keys);
      }
      const feeds = {
        ids: Int32Array.from({ length: 2 * length }, (_, i) => (i * i + 7 * step) % model.vocabulary),
        positions: BigInt64Array.from({ length: 2 * length }, (_, i) =>
          BigInt(keys - 1 - length + (i % length)),
        ),
        mask,
      };
      const [x, y] = [
        await whole.step(bank.feeds, 2, length, feeds, a),
        await stepper.step({}, 2, length, feeds, b),
      ];
      [a, b] = [x.cache, y.cache];
      const largest = x.logits.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
      for (const [i, logit] of x.logits.entries())
        expect(Math.abs(y.logits[i]! - logit)).toBeLessThan(2e-5 * largest);
    }
    await streamed.close();
    await whole.close();
    await parts.close();
  });

  it("stops between batches, and the model can be used again", async () => {
    const model = value(decoderOf(TINY_MODELS[0]![1], "config.json"));
    const weights = seededWeights(model.weights, 5, 0.4);
    const items = someItems(model.vocabulary);
    const session = await StreamedSession.open(backend, model);
    const streamed = new StreamedModel(session, subjectOf(weights), async () => null);
    const controller = new AbortController();
    const run = (signal?: AbortSignal) => {
      const onStep = (done: number) => done === 2 && controller.abort();
      const store = activationStore(1e9, async () => null);
      return scorePass(streamed, items, store, { batchTokens: 64, headTargets: 64, signal, onStep });
    };
    const stopped = await run(controller.signal);
    expect(stopped.ok ? "" : stopped.problem.kind).toBe("cancelled");
    expect((await run()).ok).toBe(true);
  });
});
