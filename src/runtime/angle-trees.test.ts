import { beforeAll, expect, it } from "vitest";
import { decoderOf } from "../core/decoder/families";
import { referenceWeights } from "../core/decoder/reference-weights.fixture";
import { batchFeeds, packBatches } from "../core/scoring/pack";
import { itemTrees } from "../core/scoring/token-tree";
import { type Backend, openBackend } from "./backend";
import { DecoderSession } from "./decoder-session";
import { FamilyRuns } from "./family-runs.fixture";
import { testPlatform } from "./test-platform.fixture";

let backend: Backend;
beforeAll(async () => {
  const opened = await openBackend(testPlatform(), "wasm");
  if (typeof opened === "string") throw new Error(opened);
  backend = opened;
}, 120_000);

/** Sizes of a model whose angles change beyond 16 tokens. */
const SIZES = {
  vocab_size: 61,
  hidden_size: 32,
  intermediate_size: 40,
  num_hidden_layers: 2,
  num_attention_heads: 4,
};
const CONFIGS = {
  dynamic: {
    model_type: "llama",
    max_position_embeddings: 16,
    rope_scaling: { rope_type: "dynamic", factor: 2.5 },
  },
  longrope: {
    model_type: "phi3",
    max_position_embeddings: 64,
    original_max_position_embeddings: 16,
    rope_scaling: { type: "longrope", short_factor: [1, 1.1, 1.3, 1.7], long_factor: [1.5, 2, 3.5, 8] },
  },
};

it.each(Object.entries(CONFIGS))(
  "%s: texts of several lengths score packed as they do alone",
  async (_, own) => {
    const model = decoderOf({ ...SIZES, ...own }, "config.json");
    if (!model.ok) throw new Error(model.problem.message);
    const { rotary, weights } = model.value;
    const runs = new FamilyRuns(backend, model.value, referenceWeights(weights, 5));
    const text = (length: number) => Array.from({ length }, (_, i) => (i * 13 + 4) % 61);
    const sequences = [9, 16, 17, 18, 30, 30].map((length, i) => ({
      tokens: [...text(length).slice(0, -1), i],
      from: 1,
    }));
    const trees = itemTrees(sequences, 1000, 0, (length) => rotary!.key(length));
    expect(trees.length).toBeGreaterThan(1);
    const units = trees.map((tree) => ({ owner: null, tree }));
    const session = await DecoderSession.open(backend, model.value);
    const sums = new Float64Array(sequences.length);
    for (const batch of packBatches(units, { tokens: 200, targets: 1000 })) {
      const { logProb } = await session.score(runs.weights, batch, batchFeeds(batch));
      let k = 0;
      for (const { unit } of batch.placed) for (const slot of unit.tree.slots) sums[slot]! += logProb[k++]!;
    }
    for (const [i, { tokens }] of sequences.entries()) {
      const { logProb } = await runs.score(tokens);
      expect(sums[i]).toBeCloseTo(
        logProb.reduce((a, b) => a + b, 0),
        3,
      );
    }
    await session.close();
    await runs.close();
  },
);
