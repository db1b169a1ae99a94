import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { encode } from "../../core/checkpoint/dtype";
import { safetensorsHeader } from "../../core/checkpoint/safetensors-writer";
import { decoderOf } from "../../core/decoder/families";
import { referenceWeights } from "../../core/decoder/reference-weights.fixture";
import { sentence } from "../../core/result";
import { readTasks } from "./read-tasks";
import { replayTasks } from "./replay-tasks";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
const DEMO = join(REPOSITORY, "public/zoo/demo/base");
const home = mkdtempSync(join(tmpdir(), "demix-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeAll(() => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
});

/** Random models with the demo set's tokenizer. */
const CONFIGS = {
  gpt2: {
    model_type: "gpt2",
    architectures: ["GPT2LMHeadModel"],
    vocab_size: 1024,
    n_positions: 128,
    n_embd: 32,
    n_layer: 2,
    n_head: 4,
    activation_function: "gelu_new",
    layer_norm_epsilon: 1e-5,
    bos_token_id: 0,
    eos_token_id: 0,
  },
  llama: {
    model_type: "llama",
    architectures: ["LlamaForCausalLM"],
    vocab_size: 1024,
    hidden_size: 32,
    intermediate_size: 48,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    hidden_act: "silu",
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    max_position_embeddings: 128,
    tie_word_embeddings: false,
    bos_token_id: 0,
    eos_token_id: 0,
  },
};

function writeModel(family: keyof typeof CONFIGS): void {
  const config = CONFIGS[family];
  const model = decoderOf(config, "config.json");
  if (!model.ok) throw new Error(sentence(model.problem));
  const folder = join(home, family);
  mkdirSync(folder, { recursive: true });
  const tensors = model.value.weights.map(({ name, shape }) => ({ name, shape, dtype: "F32" }));
  const weights = referenceWeights(model.value.weights, 3);
  const parts = [safetensorsHeader(tensors), ...tensors.map((t) => encode(weights.get(t.name)!, "F32"))];
  writeFileSync(join(folder, "model.safetensors"), Buffer.concat(parts));
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  for (const file of ["tokenizer.json", "tokenizer_config.json"])
    cpSync(join(DEMO, file), join(folder, file));
}

it.each(["gpt2", "llama"] as const)(
  "a YAML with one %s model scores it as it is, whole and layer by layer alike",
  async (family) => {
    writeModel(family);
    const yaml = `models: [{model: ${family}, parameters: {weight: 1}}]\nmerge_method: linear\n`;
    const options = { data: [], limit: 2, shots: null, mode: "lm-eval" } as const;
    const names = ["choice.yaml", "write.yaml"].map((n) => join(REPOSITORY, "reference/results", n));
    const tasks = await readTasks(names, options);
    if (!tasks.ok) throw new Error(sentence(tasks.problem));
    const scored = [];
    for (const streamed of [false, true]) {
      const done = await replayTasks(yaml, join(home, "one.yaml"), tasks.value, {
        out: join(home, `out-${streamed}`),
        merged: null,
        limit: 2,
        streamed,
        mergekit: false,
        shardBytes: 5e9,
        seed: 0,
      });
      if (!done.ok) throw new Error(sentence(done.problem));
      scored.push(done.value);
    }
    const [whole, streamed] = scored;
    expect(whole!.scores.some((s) => s < -1)).toBe(true);
    for (const [i, score] of whole!.scores.entries()) {
      const other = streamed!.scores[i]!;
      if (Number.isNaN(score)) expect(other).toBeNaN();
      else expect(Math.abs(other - score)).toBeLessThan(1e-4 * Math.max(1, Math.abs(score)));
    }
    const results = JSON.parse(readFileSync(whole!.files[0]!, "utf8")) as Record<string, unknown>;
    expect(results.model_name).toBe(family);
    expect(results.max_length).toBe(128);
    const texts = (files: readonly string[]) =>
      readFileSync(files.find((f) => f.includes("samples_own_write"))!, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { resps: unknown }).resps);
    expect(texts(streamed!.files)).toEqual(texts(whole!.files));
  },
  120_000,
);
