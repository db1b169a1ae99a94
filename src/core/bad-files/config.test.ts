import { expect, it } from "vitest";
import { memoryFolder } from "../checkpoint/byte-source";
import { openSet } from "../checkpoint/open-set";
import { openCheckpoint, type PlainObject } from "../checkpoint/sharded";
import { encodeSafetensors, TINY_CONFIG, TINY_TOKENIZER, tinyTensors } from "../checkpoint/tiny-checkpoint";
import { tinySet } from "../checkpoint/tiny-set";
import type { DecoderModel } from "../decoder/decoder-model";
import { decoderOf } from "../decoder/families";
import { ok } from "../result";
import type { JsonTree } from "./json-tree";
import { leaf } from "./json-tree";
import { mutatedJsonFile } from "./mutate-json-file";
import { referenceValue } from "./reference-json";
import { type BadFormat, runMutations, tallyText } from "./run-mutations";
import type { SeededChoice } from "./seeded-choice";

type Fields = Record<string, unknown>;

const PLACE =
  /line \d+, column \d+|\b[a-z]+(_[a-z]+)+\b|"[a-z_]+"|"[^"]+" is set to|architectures|valid UTF-8|its JSON is no object/;
const rope = { rope_theta: 10000, rope_type: "default", partial_rotary_factor: 1 };
const { rope_theta: _, ...newer } = TINY_CONFIG;
const CONFIGS: readonly Fields[] = [
  TINY_CONFIG,
  {
    ...newer,
    rope_parameters: rope,
    use_sliding_window: false,
    layer_types: ["full_attention", "full_attention"],
    transformers_version: "5.0.0",
    dtype: "bfloat16",
    quantization_config: null,
    head_dim: 4,
  },
];
const weights = encodeSafetensors(tinyTensors(1));

/** Names in config.json, what an absent one means, and where the model shows it. */
const FIELDS: readonly (readonly [string, unknown, ((model: DecoderModel) => unknown) | null])[] = [
  ["hidden_size", undefined, (m) => m.hidden],
  ["num_hidden_layers", undefined, (m) => m.layers],
  [
    "num_attention_heads",
    undefined,
    (m) => shapeOf(m, "model.layers.0.self_attn.q_proj.weight")[0]! / m.headDim,
  ],
  ["num_key_value_heads", 32, (m) => m.kvHeads],
  ["head_dim", 128, (m) => m.headDim],
  ["intermediate_size", undefined, (m) => shapeOf(m, "model.layers.0.mlp.up_proj.weight")[0]],
  ["vocab_size", undefined, (m) => m.vocabulary],
  ["rms_norm_eps", 1e-6, null],
  ["tie_word_embeddings", false, (m) => !m.weights.some(({ name }) => name === "lm_head.weight")],
  ["max_position_embeddings", 32768, (m) => m.maxLength],
];

const shapeOf = (model: DecoderModel, name: string) =>
  model.weights.find((w) => w.name === name)?.shape ?? [];

/** Fields that no computation depends on: a reader has to take them, whatever they hold. */
function addHarmless(tree: JsonTree, choice: SeededChoice): void {
  if (tree.kind !== "object") return;
  const name = choice.one([
    "initializer_range",
    "use_cache",
    "_name_or_path",
    "eos_token_id",
    "bos_token_id",
  ]);
  tree.members.push([
    name,
    leaf(choice.one(["0.02", "true", "null", '"ä"', "[1,2]", '{"a":{"b":[]}}', "1e-7"])),
  ]);
}

const configs: BadFormat<{ json: PlainObject; model: DecoderModel }> = {
  file: /^model\/config\.json$/,
  mutate: (choice) => mutatedJsonFile(CONFIGS, choice, addHarmless),
  read: async (bytes) => {
    const folder = memoryFolder("model", { "config.json": bytes, "model.safetensors": weights });
    const opened = await openCheckpoint(folder);
    if (!opened.ok) return opened;
    const { config: json, configFile } = opened.value;
    const model = decoderOf(json, configFile);
    return model.ok ? ok({ json, model: model.value }) : model;
  },
  compare: ({ json, model }, bytes) => {
    const declared = referenceValue(bytes) as Fields;
    expect(json).toEqual(declared);
    for (const [name, otherwise, own] of FIELDS)
      if (own && declared[name] !== null) expect(own(model)).toBe(declared[name] ?? otherwise);
    const nested = declared.rope_parameters as Fields | null | undefined;
    const theta = Number(nested?.rope_theta ?? declared.rope_theta ?? 10_000);
    const { sin, width } = model.rotary!.tables(2);
    if (width > 1 && theta > 1)
      expect(sin[width + 1]).toBeCloseTo(Math.sin(theta ** (-2 / model.headDim)), 6);
    expect(declared.model_type).toBe("qwen3");
    expect(model.layers).toBeLessThanOrEqual(1024);
  },
  place: PLACE,
};

it("1500 damaged configs are read field by field, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(configs, 1500, 300_000)));
});

/** What a component has to have in common with its base, by names and defaults of transformers. */
const COMPUTING: readonly (readonly [string, unknown])[] = [
  ...FIELDS.filter(([name]) => !/position|vocab/.test(name)).map(([name, value]) => [name, value] as const),
  ["hidden_act", "silu"],
  ["attention_bias", false],
];

const components: BadFormat<null> = {
  file: /^(code|base)(\/|$)/,
  mutate: (choice) => mutatedJsonFile([TINY_CONFIG], choice, addHarmless),
  read: async (bytes) => {
    const set = tinySet(["code"]);
    set.files.code!["config.json"] = bytes;
    const opened = await openSet(set.spec, set.folders);
    return opened.ok ? ok(null) : opened;
  },
  compare: (_, bytes) => {
    const declared = referenceValue(bytes) as Fields;
    const base: Fields = TINY_CONFIG;
    for (const [name, value] of COMPUTING)
      expect(declared[name] ?? value ?? base[name]).toEqual(base[name] ?? value);
  },
  place: PLACE,
};

it("600 damaged configs of a component are equal to the base's where it counts, or refused", async ({
  annotate,
}) => {
  await annotate(tallyText(await runMutations(components, 600, 310_000)));
});

const SMALL = {
  "tokenizer_config.json": {
    bos_token: null,
    eos_token: { content: "<|end|>", special: true },
    model_max_length: 64,
  },
  "generation_config.json": { eos_token_id: [9], do_sample: true, temperature: 0.6 },
};

it.each(Object.entries(SMALL))("500 damaged %s are read as JSON, or refused", async (name, value) => {
  await runMutations(
    {
      file: new RegExp(`^model/${name.replace(".", "\\.")}$`),
      mutate: (choice) => mutatedJsonFile([value], choice),
      read: (bytes) =>
        openCheckpoint(
          memoryFolder("model", {
            "config.json": JSON.stringify(TINY_CONFIG),
            "tokenizer.json": JSON.stringify(TINY_TOKENIZER),
            "model.safetensors": weights,
            [name]: bytes,
          }),
        ),
      compare: ({ tokenizerConfig, generationConfig }, bytes) =>
        expect(name.startsWith("tokenizer") ? tokenizerConfig : generationConfig).toEqual(
          referenceValue(bytes),
        ),
      place: PLACE,
    },
    500,
    320_000,
  );
});
