import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { memoryFolder } from "./byte-source";
import { summarise } from "./checkpoint-summary";
import { openModelOrAdapter } from "./sharded";
import { tinyFiles, tinyFolder, tinyTensors } from "./tiny-checkpoint";

it("tells a model by its config and tensors", async () => {
  const tensors = tinyTensors(1);
  const opened = await openModelOrAdapter(tinyFolder("code", tinyFiles(tensors)));
  if (!opened.ok) throw new Error(opened.problem.message);
  expect(summarise(opened.value)).toMatchObject({
    kind: "model",
    architecture: "Qwen3ForCausalLM",
    parameters: tensors.reduce((sum, { data }) => sum + data.length, 0),
    dtype: "F32",
    hasTokenizer: true,
  });
});

it("tells an adapter from a model", async () => {
  const { cases } = JSON.parse(readFileSync("reference/values/lora.json", "utf8")) as {
    cases: { name: string }[];
  };
  const name = cases[0]!.name;
  const file = (path: string) => new Uint8Array(readFileSync(`reference/values/lora/${name}/${path}`));
  const folder = memoryFolder(name, {
    "adapter_config.json": file("adapter_config.json"),
    "adapter_model.safetensors": file("adapter_model.safetensors"),
  });
  const opened = await openModelOrAdapter(folder);
  if (!opened.ok) throw new Error(opened.problem.message);
  const summary = summarise(opened.value);
  expect(summary).toMatchObject({ kind: "adapter", architecture: null, hasTokenizer: false });
  expect(summary.parameters).toBeGreaterThan(0);
  expect(summary.bytes).toBe(file("adapter_model.safetensors").length);
});
