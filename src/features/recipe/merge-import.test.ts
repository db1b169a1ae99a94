import { expect, it } from "vitest";
import { tinySpec } from "../../core/checkpoint/tiny-set";
import { mergekitYaml } from "../../core/recipe/mergekit-yaml";
import { buildRecipe } from "../../core/recipe/recipe";
import { sentence } from "../../core/result";
import { plainChoice } from "../../core/scoring/address";
import { readMergeYaml } from "./merge-import";

const spec = tinySpec(["general", "code", "math"]);
const read = (yaml: string) => {
  const merge = readMergeYaml(yaml, "m.yaml", spec);
  return merge.ok ? merge.value : sentence(merge.problem);
};
const model = (name: string, more = "") => `  - model: ${name}\n    parameters: {${more}}\n`;

it.each([
  { name: "linear", parameters: {} },
  { name: "ties", parameters: { density: 0.5, lambda: 0.8 } },
  { name: "della", parameters: { density: 0.6, epsilon: 0.1 } },
  { name: "breadcrumbs", parameters: { gamma: 0.05 } },
])("reads back what the page exports: $name", (method) => {
  const alpha = [0.25, 0.75, 0];
  const recipe = buildRecipe({
    name: "mine",
    note: "",
    set: { hash: "h", spec },
    tasks: { hash: "", name: "", domains: [], tasks: [], floats: 0 },
    alpha,
    measurement: null,
    method,
    seed: null,
    writtenAt: "2026-01-01T00:00:00Z",
  });
  const yaml = mergekitYaml(recipe, { base: spec.base.source, root: "/runs" });
  if (!yaml.ok) throw new Error(sentence(yaml.problem));
  const merge = read(yaml.value);
  if (typeof merge === "string") throw new Error(merge);
  expect(merge.alpha).toEqual(alpha);
  expect(plainChoice(merge.method)).toEqual(plainChoice(method));
});

it("takes normalised weights as shares, and puts the sum of others into λ", () => {
  const models = `models:\n${model("x/general", "weight: 1")}${model("x/code", "weight: 3")}`;
  expect(read(`${models}merge_method: linear\n`)).toMatchObject({ alpha: [0.25, 0.75, 0] });
  expect(read(`${models}merge_method: task_arithmetic\nbase_model: base\n`)).toMatchObject({
    alpha: [0.25, 0.75, 0],
    method: { name: "task_arithmetic", parameters: { lambda: 4 } },
    notes: [expect.stringContaining("went into λ")],
  });
  expect(read(`${models}merge_method: linear\nparameters: {normalize: false}\n`)).toContain("sum to 4");
});

it("takes a method without weights for the written model alone", () => {
  const models = `models:\n  - model: general\n  - model: code\n  - model: math\n`;
  expect(read(`${models}merge_method: model_stock\nbase_model: base\n`)).toMatchObject({
    alpha: null,
    method: { name: "model_stock" },
  });
});

it.each([
  [`models:\n${model("other", "weight: 1")}merge_method: linear\n`, /"other" is no component of "Tiny"/],
  [
    `models:\n${model("code", "weight: 1")}merge_method: ties\nbase_model: elsewhere\n`,
    /"elsewhere" is not the base/,
  ],
  [
    `models:\n${model("code", "weight: [0, 1]")}merge_method: linear\n`,
    /weight differs from tensor to tensor/,
  ],
  [
    `models:\n${model("code", "weight: 1, density: 0.5")}${model("math", "weight: 1")}merge_method: ties\nbase_model: base\n`,
    /density differs from model to model/,
  ],
  [
    `models:\n${model("code", "weight: 2")}${model("math", "weight: -1")}merge_method: linear\n`,
    /weight is negative/,
  ],
  [`models:\n${model("code+lora", "weight: 1")}merge_method: linear\n`, /is no component/],
  ["slices: []\n", /slices/],
  ["not: [a, merge", /m\.yaml/],
])("refuses what it cannot show: %s", (yaml, why) => {
  const merge = read(yaml);
  expect(merge).toMatch(why);
  expect(merge).toMatch(/^m\.yaml: .*\. [A-Z].*\.$/);
});
