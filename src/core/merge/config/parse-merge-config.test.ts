import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sentence } from "../../result";
import { findMethod } from "../registry";
import { parseMergeConfig } from "./parse-merge-config";
import { resolveParameters } from "./resolve-parameters";

const read = (text: string) => parseMergeConfig(text, "m.yaml");
const refusal = (text: string) => {
  const result = read(text);
  return result.ok ? JSON.stringify(result.value) : sentence(result.problem);
};
const two = "models:\n- {model: a, parameters: {weight: 1}}\n- {model: b, parameters: {weight: 1}}\n";
const linear = (more: string) => `${two}merge_method: linear\n${more}`;
const ties = (more: string) => `${two}base_model: base\nmerge_method: ties\n${more}`;

describe("parseMergeConfig", () => {
  it("reads everything of the models form", () => {
    const text = `
models:
  - model: a
    parameters: {weight: 0.5, density: [0.2, 1e-1]}
  - model: ../b+adapters/x
    parameters:
      weight: [{filter: mlp, value: [0, 1]}, {value: 2}]
      density: {filter: null, value: 1}
  - model: {model: {path: c@d+e}, lora: f+g}
  - model: base
    parameters:
base_model: base
merge_method: ties
parameters: {weight: 3, lambda: 0.7, normalize: off, int8_mask: yes}
dtype: torch.bfloat16
out_dtype: float16
`;
    expect(read(text)).toEqual({
      ok: true,
      value: {
        file: "m.yaml",
        method: "ties",
        models: [
          { model: { path: "a", lora: null }, parameters: { weight: 0.5, density: [0.2, 0.1] } },
          {
            model: { path: "../b", lora: "adapters/x" },
            parameters: {
              weight: {
                conditions: [
                  { filter: "mlp", value: [0, 1] },
                  { filter: null, value: 2 },
                ],
              },
              density: { conditions: [{ filter: null, value: 1 }] },
            },
          },
          { model: { path: "c@d+e", lora: "f+g" }, parameters: {} },
          { model: { path: "base", lora: null }, parameters: {} },
        ],
        base: { path: "base", lora: null },
        parameters: { weight: 3, lambda: 0.7, normalize: 0 },
        dtype: "bfloat16",
        outDtype: "float16",
        notes: ["parameters.int8_mask has no effect on the result of ties and is ignored."],
      },
    });
  });

  it("notes what has no effect", () => {
    const notes = (text: string) => {
      const result = read(text);
      return result.ok ? result.value.notes : sentence(result.problem);
    };
    const idle = "parameters: {weight: 1, density: 0.5, rescale: true}";
    expect(notes(`models: [{model: a}]\nbase_model: b\nmerge_method: task_arithmetic\n${idle}`)).toEqual([
      "parameters.density has no effect on the result of task_arithmetic and is ignored.",
      "parameters.rescale has no effect on the result of task_arithmetic and is ignored.",
    ]);
    expect(notes(linear("base_model: c\nparameters: {weight: 1}"))).toEqual([
      "linear has no base: base_model is merged like every other model.",
    ]);
    expect(notes(`${two}base_model: b\nmerge_method: ties`)).toEqual([
      'The base has no update, so its weight in "models" has no effect.',
    ]);
  });

  it.each([
    [linear("slices: []"), 'line 5: "slices" builds a model from slices of layers'],
    ["slices: [{sources: []}]\nmerge_method: linear", '"slices"'],
    ["modules: {text: {}}\nmerge_method: linear", '"modules" merges the modules'],
    [linear("tokenizer_source: union"), 'line 5: "tokenizer_source" rebuilds the vocabulary'],
    [linear("tokenizer: {source: base}"), '"tokenizer" rebuilds'],
    [linear("chat_template: auto"), '"chat_template" changes the tokenizer\'s chat template'],
    [linear("random_seed: 1"), 'the key "random_seed" is not known here.'],
    [linear("__proto__: 1"), 'the key "__proto__" is not known here.'],
    [linear("toString: 1"), 'the key "toString" is not known here.'],
    [
      "models: [{model: a, layer_range: [0, 2]}]\nmerge_method: linear",
      "Whole models are merged; remove it.",
    ],
    [
      "models: [{model: a, weight: 1}]\nmerge_method: linear",
      'models[0]: the key "weight" is not known there.',
    ],
    ["models: [a]\nmerge_method: linear", "models[0] is no mapping."],
    ["models: {model: a}\nmerge_method: linear", "models is no list"],
    ["models: []\nmerge_method: linear", "models is no list"],
    ["models: [{parameters: {}}]\nmerge_method: linear", "models[0] has no model."],
    [two, '"merge_method" is missing.'],
    ["merge_method: linear", '"models" is missing.'],
    ["[]", "the file is no mapping"],
    [`${two}merge_method: nearswap`, 'the merge method "nearswap" is not known here.'],
    [`${two}merge_method: yes`, "merge_method is no text."],
    [
      linear("parameters: {alpha: 1}"),
      'parameters.alpha: linear has no parameter "alpha"; it has weight, normalize.',
    ],
    [linear("parameters: {__proto__: 1}"), 'parameters.__proto__: linear has no parameter "__proto__"'],
    [linear("parameters: [1]"), "parameters is no mapping."],
    [
      "models: [{model: a, parameters: {normalize: true}}]\nmerge_method: linear",
      "linear has normalize once for the whole merge",
    ],
    [
      "models: [{model: a, parameters: {int8_mask: true}}]\nmerge_method: linear",
      "linear has int8_mask once",
    ],
    [linear("parameters: {int8_mask: maybe}"), "parameters.int8_mask is not true or false."],
    [ties("parameters: {density: 1.5}"), "line 6: parameters.density: density is 1.5, not 0 to 1."],
    [ties("parameters: {density: [0.5, {value: 1}]}"), "parameters.density mixes values and conditions."],
    [
      ties("parameters: {density: [{filter: mlp, value: [1, -0.1]}]}"),
      "density[0].value[1]: density is -0.1, not 0 to 1.",
    ],
    [ties("parameters: {density: {filter: mlp}}"), "parameters.density has no value."],
    [ties("parameters: {density: {filter: 3, value: 1}}"), "parameters.density.filter is no text."],
    [ties("parameters: {density: {filter: a, value: 1, t: 2}}"), 'a condition has no "t".'],
    [ties("parameters: {density: }"), "parameters.density is not a number."],
    [ties("parameters: {density: .nan}"), "parameters.density is not a number."],
    [ties("parameters: {normalize: 2}"), "parameters.normalize is not true or false."],
    [linear("parameters: {weight: .inf}"), "parameters.weight is not a number."],
    [linear("dtype: float64"), "dtype is not one of float32, bfloat16, float16."],
    [linear("dtype: 32"), "dtype is not one of"],
    [linear('out_dtype: ""'), "out_dtype is not one of"],
    [
      "models: [{model: a@main, parameters: {weight: 1}}]\nmerge_method: linear",
      'models[0].model asks for a revision, "a@main"',
    ],
    [
      "models: [{model: {model: {path: a, revision: x}}}]\nmerge_method: linear",
      '"revision" of models[0].model is not supported. Download',
    ],
    [
      "models: [{model: {model: a, override_architecture: x}}]\nmerge_method: linear",
      '"override_architecture" of models[0].model',
    ],
    ["models: [{model: a+b+c}]\nmerge_method: linear", 'models[0].model has more than one "+"'],
    ["models: [{model: a+}]\nmerge_method: linear", "the adapter of models[0].model names no folder."],
    ["models: [{model: ''}]\nmerge_method: linear", "models[0].model names no folder."],
    ["models: [{model: {lora: a}}]\nmerge_method: linear", "models[0].model has no model."],
    ["models: [{model: {model: {}}}]\nmerge_method: linear", "models[0].model has no path."],
    ["models: [{model: 12}]\nmerge_method: linear", "models[0].model is no text."],
    ['models: [{model: "a\\n"}]\nmerge_method: linear', "a control character"],
    [`${two}base_model: {model: x@y}\nmerge_method: ties`, "base_model asks for a revision"],
    [`${two}merge_method: ties`, 'ties needs "base_model".'],
    ["models: [{model: a}]\nbase_model: b\nmerge_method: slerp", "slerp needs t, which no parameter sets."],
    ["models: [{model: a}, {model: b}]\nmerge_method: linear", '"a" has no weight, which linear needs.'],
    [linear("base_model: c"), '"c" has no weight, which linear needs.'],
    [`${two}- {model: a, parameters: {weight: 1}}\nmerge_method: linear`, 'models lists "a" twice.'],
    [`${two}merge_method: karcher`, "mergekit's karcher has no weights; every model counts the same."],
    [
      `${two}- {model: c}\nmerge_method: nuslerp\nparameters: {weight: 1}`,
      "nuslerp merges 2 models; the file has 3.",
    ],
  ])("refuses %j by name", (text, words) => {
    expect(refusal(text)).toContain(words);
  });

  it("names the file and the line", () => {
    expect(refusal(linear("\n# more\nparameters:\n  normalize: 3"))).toMatch(/^m\.yaml: line 8: /);
  });
});

/** Configurations on which mergekit 0.1.5 fails (reference/mergekit_yaml.py). */
const refused = JSON.parse(readFileSync("reference/values/mergekit-yaml/refusals.json", "utf8")) as {
  readonly yaml: string;
  readonly error: string;
}[];

describe("what mergekit refuses", () => {
  it.each(refused)("is refused: $yaml", ({ yaml }) => {
    const result = read(yaml);
    if (!result.ok) {
      if (!/linears/.test(yaml)) expect(result.problem.message).not.toContain("is not known here");
      return;
    }
    const method = findMethod(result.value.method);
    if (!method.ok) throw new Error(sentence(method.problem));
    const tensors = ["model.embed_tokens.weight", "model.layers.1.mlp.up_proj.weight"];
    const resolved = tensors.map((tensor) => resolveParameters(result.value, method.value, tensor, 3));
    expect(resolved.some((r) => !r.ok)).toBe(true);
  });
});
