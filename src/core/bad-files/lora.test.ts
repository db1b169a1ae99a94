import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { memoryFolder } from "../checkpoint/byte-source";
import { type OpenedComponentSet, openSet } from "../checkpoint/open-set";
import { tinySpec } from "../checkpoint/tiny-set";
import { JSON_PLACE } from "./json-place";
import { type JsonTree, leaf, treeOf } from "./json-tree";
import { mutatedJsonFile } from "./mutate-json-file";
import { mutatedSafetensors } from "./mutate-safetensors";
import { referenceValue } from "./reference-json";
import { type DeclaredFile, referenceSafetensors, referenceValues } from "./reference-safetensors";
import { type BadFormat, runMutations, tallyText } from "./run-mutations";
import type { SeededChoice } from "./seeded-choice";

const VALUES = "reference/values/lora";
const bytesOf = (path: string) => new Uint8Array(readFileSync(`${VALUES}/${path}`));
const config = (name: string) =>
  JSON.parse(new TextDecoder().decode(bytesOf(`${name}/adapter_config.json`))) as object;

const BASE = "bases/qwen3-f32";
const baseFiles = {
  "config.json": bytesOf(`${BASE}/config.json`),
  "model.safetensors": bytesOf(`${BASE}/model.safetensors`),
};
const baseWeights = referenceSafetensors(baseFiles["model.safetensors"]);
const PREFIX = "base_model.model.";
const A = ".lora_A.weight";

interface Declared {
  readonly r?: number | null;
  readonly lora_alpha?: number | null;
  readonly use_rslora?: boolean | null;
  readonly rank_pattern?: Record<string, number> | null;
  readonly alpha_pattern?: Record<string, number> | null;
}

/** Fields that a merge does not depend on, and others that it does, with values that PEFT takes. */
function touch(tree: JsonTree, choice: SeededChoice): void {
  if (tree.kind !== "object") return;
  const set = (name: string, value: JsonTree) => {
    tree.members = [...tree.members.filter(([key]) => key !== name), [name, value]];
  };
  const any = leaf(choice.one(["null", "1", '"ä"', "[]", "{}", "false", "0.1"]));
  if (choice.chance(0.3))
    set(choice.one(["peft_version", "base_model_name_or_path", "revision", "lora_dropout"]), any);
  if (choice.chance(0.3)) set("lora_alpha", leaf(choice.one(["1", "0", "-2", "0.5", "16", "1e3"])));
  if (choice.chance(0.3)) set("use_rslora", leaf(choice.one(["true", "false", "null"])));
  if (choice.chance(0.3))
    set(
      "alpha_pattern",
      treeOf({ [choice.one(["q_proj", "self_attn.*", "x+", ".*", "a.b"])]: choice.below(9) }),
    );
}

/** PEFT: the first key that matches the end of the module's name, from a dot on or whole. */
function lookUp(patterns: Record<string, number> | null | undefined, module: string): number | undefined {
  return Object.entries(patterns ?? {}).find(([key]) =>
    new RegExp(`^(?:.*\\.)?(?:${key})$`, "s").test(module),
  )?.[1];
}

function scaleOf(declared: Declared, module: string): number {
  const r = lookUp(declared.rank_pattern, module) ?? declared.r ?? 8;
  const alpha = lookUp(declared.alpha_pattern, module) ?? declared.lora_alpha ?? 8;
  return alpha / (declared.use_rslora ? Math.sqrt(r) : r);
}

/** Base + scale · B·A of a module, in float64. */
function merged(weights: DeclaredFile, module: string, scale: number): number[] {
  const tensor = (part: string) => weights.tensors.get(`${PREFIX}${module}.lora_${part}.weight`)!;
  const [a, b] = [referenceValues(tensor("A")), referenceValues(tensor("B"))];
  const [rank, columns] = tensor("A").shape as [number, number];
  return referenceValues(baseWeights.tensors.get(`${module}.weight`)!).map((value, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let update = 0;
    for (let k = 0; k < rank; k++) update += b[row * rank + k]! * a[k * columns + column]!;
    return value + scale * update;
  });
}

/** The largest difference from what the files say, as a share of the tensor's largest entry. */
async function difference(
  set: OpenedComponentSet,
  weights: DeclaredFile,
  declared: Declared,
): Promise<number> {
  const own = set.components[0]!.checkpoint;
  const modules = [...weights.tensors.keys()].filter((tensor) => tensor.endsWith(A));
  let largest = 0;
  for (const tensor of [modules[0]!, modules.at(-1)!]) {
    const module = tensor.slice(PREFIX.length, -A.length);
    const values = await own.tensor(`${module}.weight`);
    if (!values.ok) throw new Error(values.problem.message);
    const expected = merged(weights, module, scaleOf(declared, module));
    const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
    for (const [i, value] of values.value.entries())
      if (Number.isFinite(expected[i]!)) largest = Math.max(largest, Math.abs(value - expected[i]!) / size);
  }
  return largest;
}

const read = async (config: Uint8Array, weights: Uint8Array) => {
  const own = { "adapter_config.json": config, "adapter_model.safetensors": weights };
  return openSet(tinySpec(["own"]), ({ id }) => memoryFolder(id, id === "base" ? baseFiles : own));
};
const FILE = /^own(\/adapter_(config\.json|model\.safetensors))?$/;
const PLACE = new RegExp(`${JSON_PLACE.source}|\\b(r|bias) is |The pattern |\\bheader\\b|\\bbytes\\b`);

/** Adapters whose modules are linear layers of the base only. */
const ADAPTERS = ["plain", "patterns", "patterns-rslora", "regex-target", "some-layers"];

it.each(ADAPTERS)("250 damaged adapter_config.json (%s) scale as they say, or are refused", async (name) => {
  const weights = bytesOf(`${name}/adapter_model.safetensors`);
  const format: BadFormat<OpenedComponentSet> = {
    file: FILE,
    mutate: (choice) => mutatedJsonFile([config(name)], choice, touch),
    read: (bytes) => read(bytes, weights),
    compare: async (set, bytes) => {
      const declared = referenceValue(bytes) as Declared;
      expect(await difference(set, referenceSafetensors(weights), declared)).toBeLessThan(1e-5);
    },
    place: PLACE,
  };
  await runMutations(format, 250, 800_000);
});

it("500 damaged adapter_model.safetensors are added as they stand, or refused", async ({ annotate }) => {
  const json = bytesOf("patterns/adapter_config.json");
  const whole = bytesOf("patterns/adapter_model.safetensors");
  const format: BadFormat<OpenedComponentSet> = {
    file: FILE,
    mutate: (choice) => mutatedSafetensors(choice, whole),
    read: (bytes) => read(json, bytes),
    compare: async (set, bytes) => {
      const declared = referenceValue(json) as Declared;
      expect(await difference(set, referenceSafetensors(bytes), declared)).toBeLessThan(1e-5);
    },
    place: PLACE,
  };
  await annotate(tallyText(await runMutations(format, 500, 810_000)));
});
