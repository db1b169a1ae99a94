import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MERGES, type MergekitCase, mergekitCases } from "../../../../reference/mergekit-yaml-cases";
import { memoryFolder, memorySource } from "../../checkpoint/byte-source";
import { decode, type ReadableDtype } from "../../checkpoint/dtype";
import { openSet } from "../../checkpoint/open-set";
import { openSafetensors, readStored, type SafetensorsFile } from "../../checkpoint/safetensors";
import { tinySpec } from "../../checkpoint/tiny-set";
import { type Result, sentence } from "../../result";
import { type MergePlan, mergeTensors, type TensorReader } from "../merge-plan";
import { findMethod } from "../registry";
import { configDtypes } from "./config-dtypes";
import { mergeInputs } from "./merge-config";
import { type ModelReference, modelName } from "./model-reference";
import { parseMergeConfig } from "./parse-merge-config";
import { resolveAll } from "./resolve-parameters";

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
};

const open = async (path: string): Promise<SafetensorsFile> =>
  value(await openSafetensors(memorySource(path, readFileSync(path))));

const VALUES = "reference/values/mergekit-yaml";
const checkpoint = (name: string) => open(`${VALUES}/${name}.safetensors`);

type Reader = TensorReader & { readonly dtype: ReadableDtype };

async function modelReader(path: string): Promise<Reader> {
  const file = await checkpoint(path);
  const [tensor] = file.tensors.values();
  return {
    name: path,
    dtype: tensor!.dtype as ReadableDtype,
    values: (name, range, signal) => readStored(file, name, range, signal),
  };
}

/** A model with an adapter, opened as a component set does it. */
async function adapterReader(path: string, lora: string): Promise<Reader> {
  const folder = (name: string, files: Record<string, string>) =>
    memoryFolder(
      name,
      Object.fromEntries(
        Object.entries(files).map(([to, from]) => [to, new Uint8Array(readFileSync(`${VALUES}/${from}`))]),
      ),
    );
  const set = await openSet(tinySpec(["own"]), ({ id }) =>
    id === "base"
      ? folder("base", { "config.json": "models/config.json", "model.safetensors": `${path}.safetensors` })
      : folder("own", {
          "adapter_config.json": `${lora}/adapter_config.json`,
          "adapter_model.safetensors": `${lora}/adapter_model.safetensors`,
        }),
  );
  const own = value(set).components[0]!.checkpoint;
  return { name: lora, dtype: "F32", values: (name, range, signal) => own.values(name, range, signal) };
}

const LAYERS = 3;

/** The merge of a configuration as `replay` makes it: bytes by tensor. */
async function merge({ yaml, name, models = {} }: MergekitCase, mergekit: boolean) {
  const config = value(parseMergeConfig(yaml, `${name}.yaml`));
  const method = value(findMethod(config.method));
  const { components, base } = mergeInputs(config, method);
  const reader = ({ path, lora }: ModelReference) =>
    lora === null ? modelReader(models[path] ?? path) : adapterReader(path, lora);
  const readers = await Promise.all(components.map((c) => reader(c.model)));
  const origin = base ? await reader(base) : undefined;
  const stored = [...readers, ...(origin ? [origin] : [])].map((r) => r.dtype);
  const { precision, written } = configDtypes(config, stored);
  const { tensors } = await checkpoint("models/base");
  const shapes = Array.from(tensors, ([tensor, { shape }]) => ({ name: tensor, shape }));
  const resolved = value(resolveAll(config, method, tensors.keys(), LAYERS));
  const plan: MergePlan = {
    tensors: shapes,
    components: components.map((c, i) => ({ id: modelName(c.model), reader: readers[i]! })),
    base: origin,
    method,
    parameters: (tensor) => resolved.get(tensor)!,
    dtype: written,
    precision,
    mergekit,
  };
  const merged = new Map<string, Uint8Array>();
  for await (const part of mergeTensors(plan)) {
    const { tensor, values } = value(part);
    expect(merged.has(tensor.name)).toBe(false);
    merged.set(tensor.name, values.bytes);
  }
  return { merged, written };
}

/**
 * Merges with a norm over the whole tensor, whose order of summation torch chooses, and with an adapter: in products as small
 * as these torch uses no fused multiply-add.
 */
const ROUNDED_OTHERWISE =
  /^(adapter|multislerp|karcher|nuslerp|slerp|foreign-slerp|ties-sum|sce|model-stock)/;

describe("mergekit-yaml", () => {
  const cases = mergekitCases();

  it.each(cases)("was given what is exported now: $name", ({ name, yaml, models }) => {
    expect(readFileSync(`${MERGES}/${name}.yaml`, "utf8")).toBe(yaml);
    const known = JSON.parse(readFileSync(`${MERGES}/models.json`, "utf8")) as Record<string, unknown>;
    expect(known[name]).toEqual(models);
  });

  // Among equal magnitudes, which bfloat16 makes, the workbench's own choice differs from mergekit's.
  const both = cases.flatMap((c) =>
    [true, false]
      .filter((mergekit) => mergekit || c.name !== "ties-bfloat16")
      .map((mergekit) => [c.name, mergekit, c] as const),
  );
  it.each(both)("merges %s to the same values (mergekit-compatible: %s)", async (_, mergekit, own) => {
    const { merged, written } = await merge(own, mergekit);
    const theirs = await open(`${MERGES}/${own.name}.safetensors`);
    expect([...theirs.tensors.keys()].sort()).toEqual([...merged.keys()].sort());
    let largest = 0;
    for (const [tensor, bytes] of merged) {
      const info = value(await readStored(theirs, tensor));
      expect(info.dtype, tensor).toBe(written);
      const expected = decode(info.bytes, info.dtype);
      const scale = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
      const actual = decode(bytes, written);
      for (let i = 0; i < expected.length; i++)
        largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!) / scale);
    }
    expect(largest).toBeLessThanOrEqual(ROUNDED_OTHERWISE.test(own.name) ? 1e-6 : 0);
  });
});
