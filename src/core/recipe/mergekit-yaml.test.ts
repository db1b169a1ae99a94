import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseMergeConfig } from "../merge/config/parse-merge-config";
import type { MergeSettings } from "../merge/merge-method";
import { MERGE_METHODS } from "../merge/registry";
import { sentence } from "../result";
import { type MergekitOptions, mergekitYaml } from "./mergekit-yaml";
import type { Recipe } from "./recipe-schema";

function recipe(
  method: string,
  alpha: Readonly<Record<string, number>>,
  parameters: MergeSettings = {},
  sources: Readonly<Record<string, string>> = {},
): Recipe {
  return {
    ...{ format: "demix-recipe", version: 1, name: "Best\n# of all", note: "" },
    set: { name: "Set: one", hash: "abcdef0123456789", beta: 0.5 },
    tasks: { name: "none", hash: "" },
    components: Object.entries(alpha).map(([id, share]) => ({
      ...{ id, label: id, alpha: share, general: false },
      source: sources[id] ?? `${id}/`,
    })),
    effectiveShares: [],
    method: { name: method, parameters },
    scores: null,
    provenance: {
      ...{ backend: null, origin: null, versions: {}, seed: null, items: null, measuredAt: null },
      writtenAt: "2026-01-01T00:00:00.000Z",
    },
    tolerance: { continuous: 0, accuracy: 0 },
  };
}

function yaml(of: Recipe, options?: MergekitOptions): string {
  const text = mergekitYaml(of, options);
  return text.ok ? text.value : sentence(text.problem);
}

const three = { a: 0.5, b: 0, c: 0.5 };

describe("mergekitYaml", () => {
  it("writes every parameter of the method, and weights per model", () => {
    const text = yaml(recipe("ties", { a: 0.25, b: 0, c: 0.75 }, { density: 0.3, lambda: 0.5, seed: 7 }), {
      root: "/models/",
      base: "base/",
      outDtype: "float16",
    });
    expect(parse(text)).toEqual({
      models: [
        { model: "/models/a", parameters: { weight: 0.25 } },
        { model: "/models/c", parameters: { weight: 0.75 } },
      ],
      merge_method: "ties",
      base_model: "/models/base",
      parameters: { normalize: true, rescale: false, lambda: 0.5, density: 0.3 },
      dtype: "float32",
      out_dtype: "float16",
    });
    expect(text).not.toContain("int8_mask");
    expect(text.split("\n").slice(0, 2)).toEqual([
      "# Best # of all (component set Set: one, abcdef012345)",
      "# Merge weights alpha of component models; they are not a data mixture.",
    ]);
  });

  it("is read back by our own reader, for every method", () => {
    for (const method of MERGE_METHODS) {
      const count = Math.min(Math.max(method.models.min, 2), method.models.max);
      const alpha = Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, 1 / count]));
      const text = yaml(recipe(method.name, alpha), { base: "base/" });
      const config = parseMergeConfig(text, "m.yaml");
      if (!config.ok) throw new Error(sentence(config.problem));
      expect(config.value.method).toBe(method.name);
      expect(config.value.models.map((m) => m.model.path)).toEqual(Object.keys(alpha));
      expect(Object.keys(config.value.parameters).sort()).toEqual(
        method.parameters.map((p) => p.name).sort(),
      );
      expect(config.value.base !== null).toBe(method.base !== "unused");
      expect(text.includes("at random")).toBe(method.random);
    }
  });

  it("says where each member lies", () => {
    const sources = { a: "hf://org/name@v1.0", b: "local:My Models", c: "sub/code/" };
    const models = (options?: MergekitOptions) =>
      (
        parse(yaml(recipe("linear", { a: 0.2, b: 0.3, c: 0.5 }, {}, sources), options)) as {
          models: { model: string }[];
        }
      ).models.map((m) => m.model);
    expect(models()).toEqual(["org/name@v1.0", "My Models", "sub/code"]);
    expect(models({ root: "/", paths: { a: "/x/a b" } })).toEqual(["/x/a b", "/My Models", "/sub/code"]);
    expect(yaml(recipe("linear", { a: 1 }, {}, { a: "https://host/a/" }))).toContain(
      'mergekit cannot read "https://host/a/", which lies on a web server. Download',
    );
  });

  it("refuses a merge that mergekit would not give", () => {
    expect(yaml(recipe("karcher", { a: 0.4, b: 0.6 }))).toBe(
      "mergekit's karcher has no weights: it would count all 2 components the same. Give every component the same weight, or write the merged model here.",
    );
    expect(yaml(recipe("karcher", three))).toContain("merge_method: karcher");
    expect(yaml(recipe("karcher", three))).not.toContain("weight:");
    expect(yaml(recipe("ties", three))).toContain("ties needs the base model");
    expect(yaml(recipe("nuslerp", { a: 0.2, b: 0.3, c: 0.5 }))).toContain(
      "nuslerp merges 2 to 2 models; the recipe has 3.",
    );
    expect(yaml(recipe("nuslerp", three))).toContain("merge_method: nuslerp");
    expect(parse(yaml(recipe("nuslerp", { a: 1, b: 0 }))).models).toHaveLength(2);
    expect(yaml(recipe("swirl", three))).toContain('the merge method "swirl" is not known here.');
    expect(yaml(recipe("linear", three, { density: 1 }))).toContain('linear: it has no parameter "density".');
    expect(yaml(recipe("ties", three, { density: 2 }), { base: "b/" })).toContain(
      "density is 2, not 0 to 1.",
    );
  });
});
