import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import { FOREIGN_WEIGHTS, foreignContent, foreignFormat } from "./foreign-formats";
import { openCheckpoint } from "./sharded";
import { encodeSafetensors, tinyFiles, tinyFolder, tinyTensors } from "./tiny-checkpoint";

const tensors = tinyTensors(1);
const { "model.safetensors": single, ...others } = tinyFiles(tensors);
const refusal = async (files: Parameters<typeof tinyFolder>[1]) => {
  const result = await openCheckpoint(tinyFolder("code", files));
  return result.ok ? "accepted" : sentence(result.problem);
};

describe("a folder without safetensors", () => {
  it.each(FOREIGN_WEIGHTS)("with %s is refused with the command that converts it", async (path) => {
    const said = await refusal({ ...others, [path]: "x" });
    expect(said).toContain(`code/${path}: `);
    expect(said).toMatch(
      /python -c "from (transformers|peft) import Auto\w+ as M; .*save_pretrained\('OUT'\)"$/,
    );
  });

  it("with an adapter alone is no model", async () => {
    const files = {
      "adapter_config.json": '{"peft_type":"LORA"}',
      "adapter_model.safetensors": encodeSafetensors([]),
    };
    expect(await refusal(files)).toMatch(/^code: the folder holds a LoRA adapter and no model/);
  });
});

it("a single file comes before an index, as in transformers", async () => {
  const index = JSON.stringify({ weight_map: { "model.norm.weight": "missing.safetensors" } });
  expect(
    await refusal({ ...others, "model.safetensors": single!, "model.safetensors.index.json": index }),
  ).toBe("accepted");
});

it.each([
  ["pytorch_model.bin", /pickle/],
  ["pytorch_model-00001-of-00002.bin", /pickle/],
  ["pytorch_model.bin.index.json", /pickle/],
  ["weights.PT", /pickle/],
  ["last.ckpt", /pickle/],
  ["consolidated.00.pth", /pickle/],
  ["data.pkl", /pickle/],
  ["adapter_model.bin", /adapter in PyTorch's pickle/],
  ["qwen3-0.6b-q4_k_m.gguf", /GGUF/],
  ["flax_model.msgpack", /Flax/],
  ["tf_model.h5", /TensorFlow/],
])("foreignFormat knows %s", (path, what) => {
  expect(foreignFormat(path)?.what).toMatch(what);
});

it.each(["model.safetensors", "config.json", "tokenizer.model", "binary", "pt"])(
  "foreignFormat lets %s pass",
  (path) => {
    expect(foreignFormat(path)).toBeNull();
  },
);

it.each([
  ["a zip archive", [0x50, 0x4b, 3, 4, 0, 0, 0, 0], /PyTorch archive/],
  ["GGUF", [0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0], /GGUF/],
  ["a pickle", [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46], /pickle, which can run code/],
  ["HDF5", [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10], /HDF5/],
  ["a Git LFS pointer", [...new TextEncoder().encode("version ")], /Git LFS/],
  ["a web page", [...new TextEncoder().encode("<!DOCTYP")], /web page/],
])("foreignContent knows %s by its first bytes", async (_, bytes, what) => {
  expect(foreignContent(Uint8Array.from(bytes))?.what).toMatch(what);
  const file = new Uint8Array(64);
  file.set(bytes);
  expect(await refusal({ ...others, "model.safetensors": file })).toMatch(what);
});

it("foreignContent lets a safetensors header pass", () => {
  expect(foreignContent((single as Uint8Array).subarray(0, 8))).toBeNull();
});
