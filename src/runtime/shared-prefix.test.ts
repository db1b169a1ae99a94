import { beforeAll, describe, expect, it } from "vitest";
import { decoderOf } from "../core/decoder/families";
import { seededWeights } from "../core/decoder/seeded-weights";
import { type Backend, openBackend } from "./backend";
import { DecoderSession } from "./decoder-session";
import { demoBase } from "./demo-base.fixture";
import { fewShotPlan } from "./few-shot-plan.fixture";
import type { Feeds } from "./ort";
import { type ScorePlan, withoutPrefixes } from "./score-plan";
import { emptyRow, scoreInto } from "./scorer";
import { testPlatform } from "./test-platform.fixture";

let backend: Backend;
let demo: Awaited<ReturnType<typeof demoBase>>;
let plan: ScorePlan;
let plain: ScorePlan;

beforeAll(async () => {
  const opened = await openBackend(testPlatform(), "wasm");
  if (typeof opened === "string") throw new Error(opened);
  backend = opened;
  demo = await demoBase(backend);
  plan = await fewShotPlan(demo.tokenizer, demo.model.maxLength, 70);
  plain = withoutPrefixes(plan);
}, 120_000);

async function scores(of: ScorePlan, session: DecoderSession, weights: Feeds, batchTokens = 512) {
  const row = emptyRow(of);
  const { complete, tokens } = await scoreInto(row, session, weights, of, { batchTokens });
  expect(complete).toBe(true);
  return { row, tokens };
}

function expectEqual(a: Float32Array, b: Float32Array): void {
  for (const [i, value] of a.entries())
    if (!Number.isNaN(value))
      expect(Math.abs(b[i]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
}

describe("a few-shot prefix that is computed once", { timeout: 240_000 }, () => {
  it("is found where items begin alike", () => {
    const all = plan.slices.flat();
    expect(all.filter((item) => item.behind)).toHaveLength(63);
    expect(new Set(all.flatMap((item) => (item.behind ? [item.behind.prefix] : []))).size).toBe(1);
    expect(all.every((item) => item.task === 0 || !item.behind)).toBe(true);
  });

  it("gives the scores that items get without it, for fewer tokens", async () => {
    const behind = await scores(plan, demo.session, demo.weights);
    const alone = await scores(plain, demo.session, demo.weights);
    expectEqual(alone.row, behind.row);
    expect(behind.tokens).toBeLessThan(0.5 * alone.tokens);
    const other = await scores(plan, demo.session, demo.weights, 100);
    expectEqual(other.row, behind.row);
  });

  const common = {
    vocab_size: 1024,
    hidden_size: 32,
    intermediate_size: 40,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 8,
    max_position_embeddings: 256,
    rms_norm_eps: 1e-6,
    hidden_act: "silu",
  };
  it.each([
    ["a window", { ...common, model_type: "mistral", sliding_window: 60 }],
    [
      "windows in some layers and capped scores",
      {
        ...common,
        model_type: "gemma2",
        sliding_window: 24,
        hidden_act: "gelu_pytorch_tanh",
        hidden_activation: "gelu_pytorch_tanh",
        query_pre_attn_scalar: 8,
      },
    ],
    [
      "angles that depend on the length of the sequence",
      {
        ...common,
        model_type: "llama",
        max_position_embeddings: 120,
        rope_scaling: { rope_type: "dynamic", factor: 4 },
      },
    ],
    [
      "a table of positions",
      {
        model_type: "gpt2",
        vocab_size: 1024,
        n_embd: 32,
        n_layer: 2,
        n_head: 4,
        n_positions: 256,
        activation_function: "gelu_new",
      },
    ],
  ])("holds with %s", async (_, config) => {
    const model = decoderOf(config, "config.json");
    if (!model.ok) throw new Error(model.problem.message);
    const weights: Feeds = {};
    for (const [name, data] of seededWeights(model.value.weights, 5, 0.3))
      weights[name] = new backend.ort.Tensor(
        "float32",
        data,
        model.value.weights.find((w) => w.name === name)!.shape as number[],
      );
    const session = await DecoderSession.open(backend, model.value);
    const behind = await scores(plan, session, weights);
    expectEqual((await scores(plain, session, weights)).row, behind.row);
    await session.close();
  });
});
