import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { DecoderModel } from "../core/decoder/decoder-model";
import { decoderOf } from "../core/decoder/families";
import { seededWeights } from "../core/decoder/seeded-weights";
import { type Backend, openBackend } from "./backend";
import { DecoderSession } from "./decoder-session";
import { demoBase } from "./demo-base.fixture";
import { fewShotPlan } from "./few-shot-plan.fixture";
import type { Feeds } from "./ort";
import { emptyRow, scoreInto } from "./scorer";
import { testPlatform } from "./test-platform.fixture";

const MEASUREMENTS = 100;
const MB = 2 ** 20;

/** Memories of WASM modules made from now on. */
function watchWasm(): { bytes(): number } {
  const made: WebAssembly.Memory[] = [];
  const Plain = WebAssembly.Memory;
  WebAssembly.Memory = class extends Plain {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      made.push(this);
    }
  };
  return { bytes: () => made.reduce((n, { buffer }) => n + buffer.byteLength, 0) };
}

function tinyModel(): DecoderModel {
  const config = {
    model_type: "qwen3",
    vocab_size: 1024,
    hidden_size: 16,
    intermediate_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    head_dim: 8,
    max_position_embeddings: 256,
  };
  const model = decoderOf(config, "config.json");
  if (!model.ok) throw new Error(model.problem.message);
  return model.value;
}

it("takes no more memory after a hundred measurements", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const wasm = watchWasm();
  const opened = await openBackend(testPlatform(), "wasm");
  if (typeof opened === "string") throw new Error(opened);
  const backend: Backend = opened;
  const { tokenizer, ...demo } = await demoBase(backend);
  await demo.session.close();
  const model = tinyModel();
  const session = await DecoderSession.open(backend, model);
  const weights: Feeds = {};
  for (const [name, data] of seededWeights(model.weights, 5, 0.3)) {
    const { shape } = model.weights.find((w) => w.name === name)!;
    weights[name] = new backend.ort.Tensor("float32", data, shape as number[]);
  }
  const plan = await fewShotPlan(tokenizer, model.maxLength, 70);
  expect(plan.slices.flat().some(({ behind }) => behind)).toBe(true);
  const measure = async () => {
    const row = emptyRow(plan);
    expect((await scoreInto(row, session, weights, plan, { details: true })).complete).toBe(true);
  };
  /** Buffers are freed by another thread some time after a collection. */
  const memory = async () => {
    const seen = { heap: Number.POSITIVE_INFINITY, arrays: Number.POSITIVE_INFINITY };
    for (let i = 0; i < 8; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      seen.heap = Math.min(seen.heap, heapUsed);
      seen.arrays = Math.min(seen.arrays, arrayBuffers);
    }
    return { ...seen, wasm: wasm.bytes() };
  };
  for (let i = 0; i < 5; i++) await measure();
  const before = await memory();
  expect(before.wasm).toBeGreaterThan(0);
  for (let i = 0; i < MEASUREMENTS; i++) await measure();
  const after = await memory();
  expect(after.wasm).toBe(before.wasm);
  expect(after.heap - before.heap).toBeLessThan(MB);
  expect(after.arrays - before.arrays).toBeLessThan(MB / 2);
}, 300_000);
