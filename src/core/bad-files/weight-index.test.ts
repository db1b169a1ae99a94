import { expect, it } from "vitest";
import { memoryFolder } from "../checkpoint/byte-source";
import { type Checkpoint, openCheckpoint } from "../checkpoint/sharded";
import { encodeSafetensors, TINY_CONFIG, tinyTensors } from "../checkpoint/tiny-checkpoint";
import { leaf } from "./json-tree";
import { mutatedJsonFile } from "./mutate-json-file";
import { referenceValue } from "./reference-json";
import { type BadFormat, runMutations, tallyText } from "./run-mutations";

const INDEX = "model.safetensors.index.json";
const SHARDS = ["a.safetensors", "b.safetensors"] as const;
const tensors = tinyTensors(1);
const halves = [tensors.slice(0, 9), tensors.slice(9)] as const;
const files = {
  "config.json": JSON.stringify(TINY_CONFIG),
  [SHARDS[0]]: encodeSafetensors(halves[0]),
  [SHARDS[1]]: encodeSafetensors(halves[1]),
};
const index = {
  metadata: { total_size: 1234, made: { by: "a tool", on: [2024, 1] }, notes: ["x", null, true] },
  weight_map: Object.fromEntries(halves.flatMap((half, i) => half.map((t) => [t.name, SHARDS[i]]))),
};

const format: BadFormat<Checkpoint> = {
  file: /^model\/(model\.safetensors\.index\.json|[ab]\.safetensors)$/,
  mutate: (choice) =>
    mutatedJsonFile([index], choice, (tree) => {
      if (tree.kind === "object") tree.members.push([`note ${choice.below(9)}`, leaf("0.5")]);
    }),
  read: (bytes) => openCheckpoint(memoryFolder("model", { ...files, [INDEX]: bytes })),
  compare: (checkpoint, bytes) => {
    const { weight_map } = referenceValue(bytes) as { weight_map: Record<string, string> };
    expect([...checkpoint.tensorNames].sort()).toEqual(Object.keys(weight_map).sort());
    for (const [tensor, shard] of Object.entries(weight_map))
      expect(checkpoint.info(tensor)?.file).toBe(`model/${shard}`);
  },
  place:
    /line \d+, column \d+|, tensor .+: |weight_map|valid UTF-8|its JSON is no object|the shard |empty name/,
};

it("1500 damaged indices place every tensor where they say, or are refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(format, 1500, 200_000)));
});
