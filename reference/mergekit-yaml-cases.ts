import { mkdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { ConfigModel, MergeConfig, Setting, Settings } from "../src/core/merge/config/merge-config";
import { writeMergeConfig } from "../src/core/merge/config/write-merge-config";
import type { MergeSettings } from "../src/core/merge/merge-method";
import { type MergekitOptions, mergekitYaml } from "../src/core/recipe/mergekit-yaml";
import type { Recipe } from "../src/core/recipe/recipe-schema";
import { sentence } from "../src/core/result";

/** A YAML that mergekit merges; `models` says which checkpoint of `models/` lies where the YAML has another name. */
export interface MergekitCase {
  readonly name: string;
  readonly yaml: string;
  readonly models?: Readonly<Record<string, string>>;
}

const ALPHA: Readonly<Record<string, number>> = { a: 0.5, b: 0.3, c: 0.2 };

/** A recipe over the components of the reference set, `alpha` by their names. */
function recipe(name: string, parameters: MergeSettings = {}, alpha = ALPHA): Recipe {
  const ids = Object.keys(alpha);
  return {
    ...{ format: "demix-recipe", version: 1, name: `Reference ${name}`, note: "" },
    set: { name: "reference", hash: "0123456789abcdef", beta: 0.5 },
    tasks: { name: "none", hash: "" },
    components: ids.map((id) => ({ id, label: id, alpha: alpha[id]!, general: false, source: `${id}/` })),
    effectiveShares: [],
    method: { name, parameters },
    scores: null,
    provenance: {
      ...{ backend: null, origin: null, versions: {}, seed: null, items: null, measuredAt: null },
      writtenAt: "2026-01-01T00:00:00.000Z",
    },
    tolerance: { continuous: 0, accuracy: 0 },
  };
}

function exported(
  name: string,
  method: string,
  parameters?: MergeSettings,
  alpha?: Readonly<Record<string, number>>,
  options: MergekitOptions = {},
): MergekitCase {
  const yaml = mergekitYaml(recipe(method, parameters, alpha), { root: "models", ...options });
  if (!yaml.ok) throw new Error(sentence(yaml.problem));
  return { name, yaml: yaml.value };
}

const base = { base: "base/" };
const PAIR = { a: 0.3, b: 0.7 };
const EQUAL = { a: 1 / 3, b: 1 / 3, c: 1 / 3 };

/** What the Recipe page hands on, for every method whose outcome is no matter of chance. */
const recipes = (): MergekitCase[] => [
  exported("linear", "linear"),
  exported("linear-sum", "linear", { normalize: 0 }, { a: 0.5, b: 0.75, c: 0 }),
  exported("linear-bfloat16-out", "linear", {}, ALPHA, { outDtype: "bfloat16" }),
  exported("linear-float16-out", "linear", {}, ALPHA, { outDtype: "float16" }),
  exported("task-arithmetic", "task_arithmetic", { lambda: 0.7 }, ALPHA, base),
  exported("ties", "ties", { density: 0.4 }, ALPHA, base),
  exported("ties-sum", "ties", { density: 0.6, normalize: 0, rescale: 1, lambda: 1.3 }, ALPHA, base),
  exported("breadcrumbs", "breadcrumbs", { density: 0.7, gamma: 0.1 }, ALPHA, base),
  exported("breadcrumbs-ties", "breadcrumbs_ties", { density: 0.8, gamma: 0.15 }, ALPHA, base),
  exported("dare-linear-whole", "dare_linear", { density: 1 }, ALPHA, base),
  exported("dare-ties-whole", "dare_ties", { density: 1 }, ALPHA, base),
  exported("della-whole", "della", { density: 1 }, ALPHA, base),
  exported("della-linear-whole", "della_linear", { density: 1 }, ALPHA, base),
  exported("multislerp", "multislerp"),
  exported("multislerp-base", "multislerp", {}, ALPHA, base),
  exported("karcher", "karcher", {}, EQUAL),
  exported("nuslerp", "nuslerp", {}, PAIR),
  exported("nuslerp-rows-base", "nuslerp", { nuslerp_flatten: 0, nuslerp_row_wise: 1 }, PAIR, base),
  exported("slerp", "slerp", { t: 0.3 }, { a: 1 }, base),
  exported("sce", "sce", { select_topk: 0.5 }, ALPHA, base),
  exported("model-stock", "model_stock", {}, ALPHA, base),
  exported("model-stock-rows", "model_stock", { filter_wise: 1 }, ALPHA, base),
];

const model = (path: string, parameters: Settings = {}): ConfigModel => ({
  model: { path, lora: null },
  parameters,
});

function written(
  name: string,
  config: Partial<MergeConfig>,
  models?: Readonly<Record<string, string>>,
): MergekitCase {
  const whole: MergeConfig = {
    ...{ file: `${name}.yaml`, method: "linear", models: [], base: null, parameters: {} },
    ...{ dtype: "float32", outDtype: null, notes: [] },
    ...config,
  };
  return { name, yaml: writeMergeConfig(whole), ...(models && { models }) };
}

const when = (...conditions: [filter: string | null, value: number | readonly number[]][]): Setting => ({
  conditions: conditions.map(([filter, value]) => ({ filter, value })),
});
const BASE = { path: "models/base", lora: null };
const AWKWARD: Readonly<Record<string, string>> = {
  "my models/a: 50 #1": "models/a",
  "-b 'quoted' \"twice\"": "models/b",
  "模型/β": "models/base",
  yes: "models/a",
  "1e-3": "models/b",
  "2024-01-01": "models/base",
};

/** Configurations written as they were read: gradients, conditions, precedence, the base among the models, casts. */
const configurations = (): MergekitCase[] => [
  written("gradients", {
    models: [
      model("models/a", { weight: [0, 0.25, 1] }),
      model("models/b", { weight: when(["mlp", [1, 0.1]], ["self_attn", 1e-3]) }),
      model("models/c"),
    ],
    parameters: { weight: [0.9, 0.2, 0.4, 0.7], normalize: [1, 0] },
  }),
  written("conditions", {
    method: "ties",
    models: [
      model("models/a", { density: when(["self_attn", 0.3], ["mlp", [0.2, 0.9]]) }),
      model("models/base"),
      model("models/b", { weight: when(["embed", 2], ["layers.1.", -0.5]) }),
    ],
    base: BASE,
    parameters: { weight: when([null, [1, 0.5]]), density: 0.7, lambda: when(["mlp", [1, 2]], ["*", 0.5]) },
  }),
  written("base-as-model", {
    models: [model("models/a", { weight: 2 }), model("models/b")],
    base: BASE,
    parameters: { weight: [1, 3] },
  }),
  written("adapter", {
    models: [
      { model: { path: "models/base", lora: "adapter" }, parameters: { weight: 0.75 } },
      model("models/a", { weight: 0.5 }),
    ],
  }),
  written("linear-bfloat16", {
    models: [model("models/a", { weight: 0.35 }), model("models/c", { weight: 0.65 })],
    dtype: "bfloat16",
  }),
  written("ties-bfloat16", {
    method: "ties",
    models: [model("models/a", { weight: 0.35, density: 0.6 }), model("models/b", { weight: 0.65 })],
    base: BASE,
    parameters: { density: 0.4, lambda: 0.8 },
    dtype: "bfloat16",
  }),
  written("task-float16", {
    method: "task_arithmetic",
    models: [model("models/a", { weight: 0.35 }), model("models/d", { weight: 0.65 })],
    base: BASE,
    parameters: { normalize: 1 },
    dtype: "float16",
    outDtype: "float32",
  }),
  written("promoted", {
    models: [model("models/c", { weight: 0.35 }), model("models/d", { weight: 0.65 })],
    dtype: null,
  }),
  written("kept-bfloat16", {
    models: [model("models/c", { weight: 0.3 })],
    parameters: { normalize: 0 },
    dtype: null,
  }),
  written(
    "awkward-names",
    { models: Object.keys(AWKWARD).map((path, i) => model(path, { weight: 0.1 + i / 10 })) },
    AWKWARD,
  ),
  written(
    "plus-and-at",
    { models: [model("a+b@c", { weight: 0.4 }), model("d", { weight: 0.6 })] },
    { "a+b@c": "models/a", d: "models/b" },
  ),
];

/** What others write, and our reader takes. */
const FOREIGN: Readonly<Record<string, string>> = {
  "foreign-ties": `# int8_mask has no effect; the base is listed with a weight that has none.
models:
  - model: models/a
    parameters: &common
      density: [1, 5e-1, 0.1]
      weight: 5e-1
  - model: models/base
    parameters:
      weight: 0.25
  - model: models/b
    parameters:
      <<: *common
      weight:
        - filter: mlp
          value: 1e-1
        - value: 0.75
merge_method: ties
base_model: models/base
parameters:
  normalize: yes
  int8_mask: true
dtype: float32
`,
  "foreign-slerp": `models:
  - model: models/base
  - model: models/a
merge_method: slerp
base_model: models/base
parameters:
  t:
    - filter: self_attn
      value: [0, 0.5, 0.3, 0.7, 1]
    - filter: mlp
      value: [1, 0.5, 0.7, 0.3, 0]
    - value: 0.5
dtype: float32
`,
};

export const mergekitCases = (): MergekitCase[] => [
  ...recipes(),
  ...configurations(),
  ...Object.entries(FOREIGN).map(([name, yaml]) => ({ name, yaml })),
];

export const MERGES = "reference/values/mergekit-yaml/merges";

/** `npx tsx reference/mergekit-yaml-cases.ts` writes the files that mergekit_yaml.py hands to mergekit. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  mkdirSync(MERGES, { recursive: true });
  const cases = mergekitCases();
  for (const { name, yaml } of cases) writeFileSync(`${MERGES}/${name}.yaml`, yaml);
  const models = Object.fromEntries(cases.flatMap((c) => (c.models ? [[c.name, c.models]] : [])));
  writeFileSync(`${MERGES}/models.json`, `${JSON.stringify(models, null, 1)}\n`);
}
