import { quote } from "../../checkpoint/strict-json";
import type { Result } from "../../result";
import type { Precision } from "../block-ops";
import type { MergeMethod } from "../merge-method";
import { findMethod } from "../registry";
import { type ConfigModel, demandedParameters, type MergeConfig, mergeInputs } from "./merge-config";
import { modelName, readModelReference, sameModel } from "./model-reference";
import { readSettings } from "./read-settings";
import { readYaml, type YamlMap, type YamlNode } from "./read-yaml";
import { Refusal, refusable } from "./refusal";

/** Keys of mergekit that change what is merged, and why they are refused. */
const REFUSED: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  slices: ["builds a model from slices of layers", 'List whole models under "models".'],
  modules: ["merges the modules of a model apart", 'List whole models under "models".'],
  tokenizer_source: ["rebuilds the vocabulary", "Remove it; all models must share one tokenizer."],
  tokenizer: ["rebuilds the vocabulary", "Remove it; all models must share one tokenizer."],
  chat_template: [
    "changes the tokenizer's chat template",
    "Remove it, and set the template after the merge.",
  ],
};
const KNOWN = ["models", "merge_method", "base_model", "parameters", "dtype", "out_dtype"];

/**
 * A mergekit configuration (YAML), read as mergekit 0.1.5 reads it. Everything in it is understood or refused by name:
 * mergekit itself passes over unknown keys and parameters. `file` is what messages call it.
 */
export function parseMergeConfig(text: string, file: string): Result<MergeConfig> {
  const yaml = readYaml(text, file);
  if (!yaml.ok) return yaml;
  const top = refusable("bad-recipe", file, () => topLevel(yaml.value));
  if (!top.ok) return top;
  const name = top.value.get("merge_method")!.value as string;
  const method = findMethod(name);
  if (!method.ok) return { ok: false, problem: { ...method.problem, file } };
  return refusable("bad-recipe", file, () => readConfig(top.value, method.value, file));
}

function topLevel(root: YamlNode): YamlMap {
  if (!(root.value instanceof Map))
    refuse(root, "the file is no mapping of names to values.", "Choose the YAML file of a merge.");
  const top = root.value as YamlMap;
  for (const [key, node] of top) {
    const refused = Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
    if (refused) refuse(node, `"${key}" ${refused[0]}, which is not supported.`, refused[1]);
    if (!KNOWN.includes(key))
      refuse(
        node,
        `the key ${quote(key)} is not known here.`,
        `Remove it; ${KNOWN.join(", ")} can stand there.`,
      );
  }
  for (const key of ["models", "merge_method"])
    if (!top.has(key)) refuse(root, `"${key}" is missing.`, "Choose the YAML file of a merge.");
  const name = top.get("merge_method")!;
  if (typeof name.value !== "string") refuse(name, "merge_method is no text.", "Name a merge method.");
  if (!/^\w{1,80}$/.test(name.value as string))
    refuse(
      name,
      `merge_method is ${quote(name.value as string)}, which is no method's name.`,
      "Name a merge method.",
    );
  return top;
}

function readConfig(top: YamlMap, method: MergeMethod, file: string): MergeConfig {
  const notes: string[] = [];
  const note = (sentence: string) => notes.push(sentence);
  const baseNode = top.get("base_model");
  const base = baseNode && baseNode.value !== null ? readModelReference(baseNode, "base_model") : null;
  const models = readModels(top.get("models")!, method, note);
  const parameters = readSettings(top.get("parameters"), "parameters", method, "merge", note);
  const config: MergeConfig = {
    file,
    method: method.name,
    models,
    base,
    parameters,
    dtype: readDtype(top.get("dtype"), "dtype"),
    outDtype: readDtype(top.get("out_dtype"), "out_dtype"),
    notes,
  };
  checkInputs(config, method, top);
  if (base) noteBase(config, method, note);
  return config;
}

function readModels(node: YamlNode, method: MergeMethod, note: (sentence: string) => void): ConfigModel[] {
  if (!Array.isArray(node.value) || node.value.length === 0)
    refuse(node, "models is no list of models.", "List each model with its parameters.");
  return (node.value as readonly YamlNode[]).map((entry, i) => {
    const place = `models[${i}]`;
    if (!(entry.value instanceof Map))
      refuse(entry, `${place} is no mapping.`, 'Write it as "- model: folder".');
    const parts = entry.value as YamlMap;
    for (const [key, part] of parts)
      if (key !== "model" && key !== "parameters")
        refuse(
          part,
          `${place}: the key ${quote(key)} is not known there.`,
          key === "layer_range"
            ? "Whole models are merged; remove it."
            : "Remove it; model and parameters can stand there.",
        );
    const model = parts.get("model");
    if (!model) return refuse(entry, `${place} has no model.`, 'Write it as "- model: folder".');
    return {
      model: readModelReference(model, `${place}.model`),
      parameters: readSettings(parts.get("parameters"), `${place}.parameters`, method, "model", note),
    };
  });
}

const DTYPES: readonly Precision[] = ["float32", "bfloat16", "float16"];

function readDtype(node: YamlNode | undefined, key: string): Precision | null {
  if (!node || node.value === null) return null;
  const name = typeof node.value === "string" ? node.value.replace(/^torch\./, "") : null;
  const dtype = DTYPES.find((d) => d === name);
  if (!dtype) return refuse(node, `${key} is not one of ${DTYPES.join(", ")}.`, "Choose one of them.");
  return dtype;
}

function checkInputs(config: MergeConfig, method: MergeMethod, top: YamlMap): void {
  const { models, base } = config;
  const at = top.get("models")!;
  for (const [i, { model }] of models.entries())
    if (models.findIndex((m) => sameModel(m.model, model)) < i)
      refuse(
        at,
        `models lists ${quote(modelName(model))} twice.`,
        "Merge a model once, with the sum of its weights.",
      );
  if (method.base === "needed" && !base)
    refuse(at, `${method.name} needs "base_model".`, "Name the folder of the base.");
  const { components } = mergeInputs(config, method);
  const { min, max } = method.models;
  const count = components.length;
  if (count < min || count > max) {
    const wanted = min === max ? `${min}` : count < min ? `at least ${min}` : `at most ${max}`;
    const besides = method.base === "unused" || !base ? "" : " besides the base";
    refuse(
      at,
      `${method.name} merges ${wanted} models${besides}; the file has ${count}.`,
      "Add or remove models.",
    );
  }
  for (const name of demandedParameters(method)) {
    if (name in config.parameters) continue;
    if (method.parameters.some((p) => p.name === name && p.scope === "merge"))
      refuse(at, `${method.name} needs ${name}, which no parameter sets.`, `Set ${name} under "parameters".`);
    const bare = components.find((m) => !(name in m.parameters));
    if (bare)
      refuse(
        at,
        `${quote(modelName(bare.model))} has no ${name}, which ${method.name} needs.`,
        `Give every model a ${name}.`,
      );
  }
}

/** What may surprise about the base: settings that never count, or a base that the method merges like any model. */
function noteBase(
  { models, base }: MergeConfig,
  method: MergeMethod,
  note: (sentence: string) => void,
): void {
  if (method.base === "unused")
    note(`${method.name} has no base: base_model is merged like every other model.`);
  const listed = models.find((m) => base && sameModel(m.model, base));
  const names = Object.keys(listed?.parameters ?? {});
  if (method.base !== "unused" && names.length > 0)
    note(`The base has no update, so its ${names.join(", ")} in "models" has no effect.`);
}

function refuse({ line }: YamlNode, message: string, remedy: string): never {
  throw new Refusal(`line ${line}: ${message}`, remedy);
}
