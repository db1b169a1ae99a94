import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ComponentSetSpec } from "../checkpoint/component-set";
import { toMixture } from "../mixture/mixture";
import type { Measurement } from "../scoring/measurement";
import { scoreTable } from "../scoring/score-table";
import { choiceFacts, smallLayout } from "../scoring/small-layout";
import { compareScores } from "./compare-scores";
import { dataMixture, dataMixtureCsv, dataMixtureMarkdown } from "./data-mixture";
import { mergekitYaml } from "./mergekit-yaml";
import { alphaForSet, parseRecipe } from "./parse-recipe";
import { buildRecipe, type Recipe, recipeAlpha, recipeText } from "./recipe";

const member = (id: string, general = false) => ({
  id,
  label: `Data "${id}", all`,
  source: `${id}/`,
  trainedOn: id,
  general,
  beta: 0.5,
  trainTokens: 1,
  supplyTokens: 1,
});
const spec: ComponentSetSpec = {
  format: "demix-set",
  version: 2,
  name: "Demo",
  beta: 0.5,
  base: { id: "base", label: "Base", source: "base/" },
  components: [member("general", true), member("code"), member("math")],
  tasks: "tasks.json",
};
const set = { hash: "abcdef0123456789", spec };
const tasks = smallLayout([
  {
    id: "lines",
    domain: "code",
    outputType: "multiple_choice",
    accuracy: "acc",
    continuous: "gold_prob",
    facts: [choiceFacts(0, [1, 1]), choiceFacts(1, [1, 1]), choiceFacts(0, [1, 1])],
  },
]);
const measurement: Measurement = {
  address: "x",
  key: {
    set: set.hash,
    tasks: tasks.hash,
    subject: { kind: "mixture", alpha: [0.2, 0.5, 0.3] },
    method: { name: "linear", parameters: {} },
    dtype: "float32",
  },
  scores: Float32Array.from([-1, -2, -3, -1, -1, -1.5]),
  done: 3,
  total: 3,
  backend: "wasm",
  origin: "measured",
  at: "2026-01-01T00:00:00.000Z",
  seconds: 1,
  versions: { engine: "1" },
};
const recipe = (over: Partial<Parameters<typeof buildRecipe>[0]> = {}): Recipe =>
  buildRecipe({
    name: "Best",
    note: "",
    set,
    tasks,
    alpha: [0.2, 0.5, 0.3],
    measurement,
    seed: 1,
    writtenAt: "2026-01-02T00:00:00.000Z",
    ...over,
  });
const message = (text: string) => {
  const result = parseRecipe(text, "r.json");
  return result.ok ? "" : result.problem.message;
};

describe("recipe", () => {
  it("comes back from its text, whatever the mixture, name and note", () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(99), fc.nat(99), fc.integer({ min: 1, max: 99 })),
        fc.string({ maxLength: 60 }),
        fc.string({ maxLength: 200, unit: "grapheme" }),
        (weights, name, note) => {
          const written = recipe({ alpha: toMixture(weights), name, note, measurement: null });
          const read = parseRecipe(recipeText(written), "r.json");
          expect(read).toEqual({ ok: true, value: written });
        },
      ),
    );
    expect(parseRecipe(recipeText(recipe()), "r.json")).toEqual({ ok: true, value: recipe() });
  });

  it("holds effective shares, scores with intervals and provenance", () => {
    const r = recipe();
    expect(r.effectiveShares.map((e) => e.share)).toEqual([0.6, 0.25, 0.15]);
    expect(Object.keys(r.scores!.continuous)).toEqual(["task:lines", "domain:code", "macro"]);
    expect(r.scores!.accuracy.macro!.value).toBe(1);
    expect(r.provenance).toMatchObject({ backend: "wasm", items: { done: 3, total: 3 }, seed: 1 });
  });

  it("keeps a missing interval as null", () => {
    const scores = Float32Array.from([-1, -2, NaN, NaN, NaN, NaN]);
    const r = recipe({ measurement: { ...measurement, scores, done: 1 } });
    expect(r.scores!.accuracy.macro).toEqual({ value: 1, low: null, high: null, n: 1 });
    expect(parseRecipe(recipeText(r), "r.json").ok).toBe(true);
  });
});

describe("parseRecipe", () => {
  const edit = (change: (r: Record<string, unknown>) => void) => {
    const json = JSON.parse(recipeText(recipe())) as Record<string, unknown>;
    change(json);
    return message(JSON.stringify(json));
  };

  it("names what is wrong", () => {
    expect(message(recipeText(recipe()).slice(0, 90))).toContain("cut off");
    expect(message("[]")).toContain("not a recipe");
    expect(message("null")).toContain("not a recipe");
    expect(edit((r) => (r.version = 2))).toContain("version 2; this workbench reads versions up to 1");
    expect(edit((r) => (r.version = "1"))).toContain("whole number");
    expect(edit((r) => (r.components = []))).toContain("components");
    expect(edit((r) => (r.set = { name: 3 }))).toContain("set");
    expect(edit((r) => delete r.tolerance)).toContain("tolerance");
  });

  it("refuses α off the simplex and components that stand twice", () => {
    const components = recipe().components;
    const off = components.map((c) => ({ ...c, alpha: 0.5 }));
    expect(edit((r) => (r.components = off))).toContain("sum to 1.5");
    const negative = components.map((c, i) => ({ ...c, alpha: [-0.2, 0.7, 0.5][i] }));
    expect(edit((r) => (r.components = negative))).toContain("components[0].alpha");
    const twice = components.map((c) => ({ ...c, id: "code" }));
    expect(edit((r) => (r.components = twice))).toContain('"code" stands twice');
  });

  it("never throws on changed bytes", () => {
    const text = recipeText(recipe());
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, put) => {
        parseRecipe(text.slice(0, at) + put + text.slice(at + 1), "r.json");
      }),
      { numRuns: 300 },
    );
  });
});

describe("alphaForSet", () => {
  it("orders by the set's components and fills in 0", () => {
    const r = recipe();
    const turned = { ...r, components: r.components.slice(1).reverse() };
    expect(alphaForSet(turned, set, "r.json")).toEqual({ ok: true, value: [0, 0.5, 0.3] });
  });

  it("refuses unknown components and other weights", () => {
    const fewer = { hash: set.hash, spec: { ...spec, components: spec.components.slice(0, 2) } };
    const unknown = alphaForSet(recipe(), fewer, "r.json");
    expect(unknown.ok ? "" : unknown.problem.message).toContain('no component "math"');
    const other = alphaForSet(recipe(), { ...set, hash: "ffff" }, "r.json");
    expect(other.ok ? "" : other.problem.message).toContain("other weights");
  });
});

describe("compareScores", () => {
  const tables = (scores: Float32Array) => ({
    continuous: scoreTable(tasks, scores, "continuous"),
    accuracy: scoreTable(tasks, scores, "accuracy"),
  });

  it("agrees within the tolerance and disagrees beyond it", () => {
    expect(compareScores(recipe(), tables(measurement.scores)).every((c) => c.agrees)).toBe(true);
    const other = Float32Array.from(measurement.scores);
    other[0] = -1.2;
    const rows = compareScores(recipe(), tables(other));
    expect(rows.filter((c) => !c.agrees).map((c) => c.view)).toEqual([
      "continuous",
      "continuous",
      "continuous",
    ]);
    expect(rows).toHaveLength(6);
    const none = new Float32Array(6).fill(NaN);
    expect(compareScores(recipe(), tables(none)).some((c) => c.agrees)).toBe(false);
  });
});

describe("exports", () => {
  it("writes mergekit YAML of the components with weight", () => {
    const yaml = mergekitYaml(recipe({ alpha: [0.4, 0, 0.6], name: "Two\nlines: #1" }), {
      paths: { math: "/models/math: new" },
      outDtype: "bfloat16",
    });
    const text = yaml.ok ? yaml.value : "";
    expect(parse(text)).toEqual({
      models: [
        { model: "general", parameters: { weight: 0.4 } },
        { model: "/models/math: new", parameters: { weight: 0.6 } },
      ],
      merge_method: "linear",
      parameters: { normalize: true },
      dtype: "float32",
      out_dtype: "bfloat16",
    });
    expect(text.startsWith("# Two lines: #1 ")).toBe(true);
  });

  it("writes both readings of the mixture as a table", () => {
    expect(dataMixtureCsv(recipe())).toBe(
      'id,data source,merge weight α,data share e\r\ngeneral,"Data ""general"", all",0.2,0.6\r\ncode,"Data ""code"", all",0.5,0.25\r\nmath,"Data ""math"", all",0.3,0.15\r\n',
    );
    expect(dataMixtureMarkdown(recipe())).toContain('| Data "code", all | 0.5000 | 0.2500 |');
  });

  it("lists the general data that no component stands for", () => {
    const own = { ...spec, components: [member("code"), member("=math")] };
    const r = recipe({ set: { ...set, spec: own }, alpha: [0.4, 0.6], measurement: null });
    expect(dataMixture(r).map((d) => [d.id, d.alpha, d.share])).toEqual([
      ["general", null, 0.5],
      ["code", 0.4, 0.2],
      ["=math", 0.6, 0.3],
    ]);
    expect(dataMixtureCsv(r)).toContain("\r\n'=math,");
    expect(recipeAlpha(r)).toEqual([0.4, 0.6]);
  });
});
