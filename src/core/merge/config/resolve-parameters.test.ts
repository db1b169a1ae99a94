import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sentence } from "../../result";
import type { MergeParameter } from "../merge-method";
import { findMethod } from "../registry";
import { layerIndex } from "./layer-index";
import { mergeInputs } from "./merge-config";
import { modelName } from "./model-reference";
import { parseMergeConfig } from "./parse-merge-config";
import { idleParameters } from "./read-settings";
import { resolveAll, resolveParameters } from "./resolve-parameters";

type Values = Readonly<Record<string, number | boolean>>;
/** What mergekit's planner resolves for each tensor (reference/mergekit_yaml.py). */
interface Resolved {
  readonly file: string;
  readonly layers: number;
  /** In mergekit's order of inputs, the base among them. */
  readonly models: readonly string[];
  readonly tensors: Readonly<Record<string, { readonly shared: Values; readonly inputs: readonly Values[] }>>;
}
const FOLDER = "reference/values/mergekit-yaml";
const cases = JSON.parse(readFileSync(`${FOLDER}/resolved.json`, "utf8")) as Resolved[];

function open(text: string, file = "m.yaml") {
  const config = parseMergeConfig(text, file);
  if (!config.ok) throw new Error(sentence(config.problem));
  const method = findMethod(config.value.method);
  if (!method.ok) throw new Error(sentence(method.problem));
  return { config: config.value, method: method.value };
}

/** mergekit's values as numbers, without those that no result depends on. */
const numbers = (values: Values, idle: readonly MergeParameter[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => !idle.some((p) => p.name === name))
      .map(([name, value]) => [name, Number(value)]),
  );

describe("resolveParameters", () => {
  it.each(cases)("equals mergekit's planner on $file", ({ file, layers, models, tensors }) => {
    const { config, method } = open(readFileSync(`${FOLDER}/resolve/${file}`, "utf8"), file);
    const idle = idleParameters(method);
    const base = config.base && method.base !== "unused" ? modelName(config.base) : null;
    const order = models.filter((name) => name !== base);
    expect(mergeInputs(config, method).components.map((c) => modelName(c.model))).toEqual(order);
    for (const [tensor, theirs] of Object.entries(tensors)) {
      const ours = resolveParameters(config, method, tensor, layers);
      if (!ours.ok) throw new Error(sentence(ours.problem));
      expect(ours.value.settings, tensor).toEqual(numbers(theirs.shared, idle));
      const inputs = theirs.inputs.filter((_, i) => models[i] !== base).map((v) => numbers(v, idle));
      const own = ours.value.own.map((settings, i) =>
        inputs[i] && "weight" in inputs[i] ? { weight: ours.value.weights[i], ...settings } : settings,
      );
      expect(own, tensor).toEqual(inputs);
    }
    expect(Object.keys(tensors).length).toBeGreaterThan(10);
  });

  const gradient = (names = "model") =>
    open(`${names}s: [{model: a, parameters: {weight: [0, 1]}}]\nmerge_method: linear`);

  it("says which tensor has no weight", () => {
    const { config, method } = open(
      "models: [{model: a, parameters: {weight: {filter: mlp, value: 1}}}]\nmerge_method: linear",
    );
    const all = resolveAll(config, method, ["model.layers.0.mlp.up_proj.weight", "lm_head.weight"], 1);
    expect(all.ok ? "" : sentence(all.problem)).toBe(
      'm.yaml, tensor lm_head.weight: no weight of a holds for it. End its conditions with one without a "filter".',
    );
  });

  it("fails where a gradient meets a layer that cannot be told", () => {
    const { config, method } = gradient();
    const at = (tensor: string, layers: number) => {
      const result = resolveParameters(config, method, tensor, layers);
      return result.ok ? result.value.weights[0] : result.problem.message;
    };
    expect(at("model.layers.2.mlp.up_proj.weight", 5)).toBe(0.5);
    expect(at("model.layers.0.mlp.up_proj.weight", 1)).toBe(1);
    expect(at("model.norm.weight", 5)).toBe(0);
    expect(at("model.layers.5.mlp.up_proj.weight", 5)).toMatch(/layer 5 of a model with 5 layers/);
    expect(at("visual.blocks.3.attn.weight", 5)).toMatch(/does not tell its layer/);
  });

  it("resolves a thousand tensors in a moment", () => {
    const { config, method } = open(readFileSync(`${FOLDER}/resolve/precedence.yaml`, "utf8"));
    const start = performance.now();
    for (let i = 0; i < 1000; i++)
      expect(resolveParameters(config, method, `model.layers.${i}.mlp.up_proj.weight`, 1000).ok).toBe(true);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("layerIndex", () => {
  it.each([
    ["model.layers.12.self_attn.q_proj.weight", 12],
    ["model.layers.3.mlp.experts.7.up_proj.weight", 3],
    ["model.language_model.layers.4.mlp.up_proj.weight", 4],
    ["transformer.h.0.attn.c_attn.weight", 0],
    ["gpt_neox.layers.9.attention.dense.bias", 9],
    ["model.embed_tokens.weight", null],
    ["lm_head.weight", null],
    ["encoder.block.2.layer.0.weight", "unknown"],
  ])("of %s is %s", (name, index) => {
    expect(layerIndex(name)).toBe(index);
  });
});
