import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import { openCheckpoint } from "./sharded";
import { encodeSafetensors, type TinyFiles, tinyFiles, tinyFolder, tinyTensors } from "./tiny-checkpoint";

const tensors = tinyTensors(1);
const single = tinyFiles(tensors);
const { "model.safetensors": _, ...others } = single;
const half = 12;
const SHARDS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
const shardedMap = Object.fromEntries(tensors.map(({ name }, i) => [name, SHARDS[i < half ? 0 : 1]]));
const sharded: TinyFiles = {
  ...others,
  "model.safetensors.index.json": JSON.stringify({ metadata: { total_size: 1 }, weight_map: shardedMap }),
  [SHARDS[0]]: encodeSafetensors(tensors.slice(0, half)),
  [SHARDS[1]]: encodeSafetensors(tensors.slice(half)),
};
const index = (weight_map: unknown) => ({ "model.safetensors.index.json": JSON.stringify({ weight_map }) });
const open = (files: TinyFiles) => openCheckpoint(tinyFolder("code_high/", files));
const refusal = async (files: TinyFiles) => {
  const result = await open(files);
  return result.ok ? "accepted" : sentence(result.problem);
};
const without = (files: TinyFiles, name: string): TinyFiles =>
  Object.fromEntries(Object.entries(files).filter(([key]) => key !== name));

describe("openCheckpoint", () => {
  it.each([
    ["a single file", single, 1],
    ["shards", sharded, 2],
  ])("reads %s", async (_name, files, count) => {
    const opened = await open(files);
    if (!opened.ok) throw new Error(sentence(opened.problem));
    const checkpoint = opened.value;
    expect(checkpoint.tensorNames).toEqual(tensors.map((t) => t.name));
    expect(checkpoint.files).toHaveLength(count);
    expect(checkpoint.config.model_type).toBe("qwen3");
    expect(checkpoint.tokenizer).toContain("ByteLevel");
    expect(checkpoint.tokenizerConfig).toBeNull();
    expect(checkpoint.bytes).toBeGreaterThan(4000);
    for (const { name, shape, data } of tensors) {
      const tensor = await checkpoint.tensor(name);
      expect(tensor.ok && tensor.value).toEqual(data);
      expect(checkpoint.info(name)).toMatchObject({ dtype: "F32", shape });
    }
    expect(checkpoint.info("model.embed_tokens.weight")?.file).toMatch(/^code_high\/model.*safetensors$/);
    expect(checkpoint.info("nothing")).toBeNull();
  });

  const some = tensors[0]!.name;
  const cases: [string, TinyFiles, RegExp][] = [
    ["without config.json", without(single, "config.json"), /no config.json.*Choose a Hugging Face/],
    [
      "without anything",
      {},
      /^code_high\/: the folder has neither config.json nor safetensors.*Choose a Hugging/,
    ],
    ["without weights", others, /neither model.safetensors nor/],
    [
      "with PyTorch weights only",
      { ...others, "pytorch_model.bin": "x" },
      /code_high\/pytorch_model.bin: .*save_pretrained/,
    ],
    [
      "with a broken config",
      { ...single, "config.json": '{"a":1,"a":2}' },
      /code_high\/config.json.*"a" occurs twice/,
    ],
    ["with a config that is a list", { ...single, "config.json": "[]" }, /no object/],
    ["with a config of other text", { ...single, "config.json": new Uint8Array([0xff]) }, /UTF-8/],
    [
      "with a damaged weight file",
      { ...single, "model.safetensors": new Uint8Array(3) },
      /code_high\/model.safetensors: has 3 bytes/,
    ],
    ["without weight_map", { ...sharded, "model.safetensors.index.json": "{}" }, /weight_map is missing/],
    ["with an empty weight_map", { ...sharded, ...index({}) }, /weight_map is empty/],
    [
      "with a shard outside",
      { ...sharded, ...index({ ...shardedMap, [some]: "../x.safetensors" }) },
      /"..\/x.safetensors" is no plain name/,
    ],
    [
      "with an absolute shard",
      { ...sharded, ...index({ ...shardedMap, [some]: "/x.safetensors" }) },
      /no plain name/,
    ],
    [
      "with a shard in a folder",
      { ...sharded, ...index({ ...shardedMap, [some]: "a\\x.safetensors" }) },
      /no plain name/,
    ],
    ["with a shard that is a number", { ...sharded, ...index({ ...shardedMap, [some]: 3 }) }, /no string/],
    [
      "without a shard",
      without(sharded, SHARDS[1]),
      /index.json: the shard model-00002.* is missing.*Download/,
    ],
    [
      "with a tensor that no shard holds",
      { ...sharded, ...index({ ...shardedMap, extra: SHARDS[0] }) },
      /tensor extra: .*shard lacks it/,
    ],
    [
      "with a tensor that the index lacks",
      {
        ...sharded,
        [SHARDS[1]]: encodeSafetensors([
          ...tensors.slice(half),
          { name: "extra", shape: [0], data: new Float32Array(0) },
        ]),
      },
      /00002-of.*tensor extra: .*index does not list it/,
    ],
    [
      "with a tensor in two shards",
      { ...sharded, [SHARDS[1]]: encodeSafetensors([...tensors.slice(half), tensors[0]!]) },
      /embed_tokens.*which the index places in "model-00001/,
    ],
    [
      "with a tokenizer of other text",
      { ...single, "tokenizer.json": new Uint8Array([0xc0]) },
      /tokenizer.json.*UTF-8/,
    ],
  ];
  it.each(cases)("refuses a folder %s", async (_name, files, message) => {
    expect(await refusal(files)).toMatch(message);
  });

  it("reports a folder that cannot be read, and an abort", async () => {
    const folder = { name: "far", file: () => Promise.reject(new Error("HTTP 500")) };
    const failed = await openCheckpoint(folder);
    expect(!failed.ok && sentence(failed.problem)).toMatch(
      /far\/config.json: could not be opened \(HTTP 500\)/,
    );
    const stopped = await openCheckpoint(tinyFolder("x", single), AbortSignal.abort());
    expect(!stopped.ok && stopped.problem.kind).toBe("cancelled");
  });
});
