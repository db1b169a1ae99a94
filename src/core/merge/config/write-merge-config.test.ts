import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sentence } from "../../result";
import type { MergeMethod, MergeParameter } from "../merge-method";
import { MERGE_METHODS } from "../registry";
import {
  type ConfigModel,
  demandedParameters,
  type MergeConfig,
  mergeInputs,
  type Setting,
  type Settings,
} from "./merge-config";
import { type ModelReference, sameModel } from "./model-reference";
import { parseMergeConfig } from "./parse-merge-config";
import { plainScalar } from "./plain-scalar";
import { configParameters } from "./read-settings";
import { writeMergeConfig, yamlNumber, yamlText } from "./write-merge-config";

/** Folder names, the awkward ones often. */
const path = fc
  .oneof(
    fc.constantFrom(
      ...[
        "a",
        "./a b",
        "/x/y: z",
        "-a",
        "# a",
        "a #b",
        "yes",
        "1e-3",
        "010",
        "~",
        "null",
        "12:30",
        "2024-01-01",
      ],
      ...[
        "a+b",
        "a@b",
        "{a}",
        "[a]",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "'a'",
        '"a"',
        "%a",
        "@a",
        "`a`",
        "?",
        "? a",
        ": ",
      ],
      ...[
        "模型/β",
        "😀",
        "\u2028",
        "\u0085x",
        "\ufeffa",
        "a\\b",
        "a\u00a0",
        "__proto__",
        "<<",
        "=",
        ",",
        "...",
        "---",
      ],
    ),
    fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }),
  )
  .filter((text) => text !== "" && !/\p{Cc}|\p{Surrogate}/u.test(text));
const model: fc.Arbitrary<ModelReference> = fc.record({
  path,
  lora: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, path),
});

function scalar({ kind, min, max }: MergeParameter): fc.Arbitrary<number> {
  if (kind === "switch") return fc.constantFrom(0, 1);
  if (kind === "integer") return fc.integer({ min: Math.max(min, -1e9), max: Math.min(max, 1e9) });
  return fc.oneof(
    fc.double({ min, max, noNaN: true }),
    fc.constantFrom(0, 1, 1e-7, 0.1, 1e21, -2.5e-300, 5e-324).filter((x) => x >= min && x <= max),
  );
}

function setting(parameter: MergeParameter): fc.Arbitrary<Setting> {
  const values = fc.oneof(scalar(parameter), fc.array(scalar(parameter), { maxLength: 4 }));
  const filter = fc.oneof(fc.constantFrom(null, "*", "mlp", "", "layers.1.", "no", "a: b"), fc.string());
  const conditions = fc.array(fc.record({ filter, value: values }), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    values,
    conditions.map((list) => ({ conditions: list })),
  );
}

const settings = (parameters: readonly MergeParameter[]) =>
  fc.record(Object.fromEntries(parameters.map((p) => [p.name, setting(p)])), {
    requiredKeys: [],
  }) as fc.Arbitrary<Settings>;

function config(method: MergeMethod): fc.Arbitrary<MergeConfig> {
  const known = configParameters(method);
  const own: fc.Arbitrary<ConfigModel> = fc.record({
    model,
    parameters: settings(known.filter((p) => p.scope === "model")),
  });
  const dtype = fc.constantFrom(null, "float32", "bfloat16", "float16");
  return fc
    .record({
      file: fc.constant("m.yaml"),
      method: fc.constant(method.name),
      models: fc.uniqueArray(own, {
        minLength: method.models.min,
        maxLength: Math.min(method.models.max + 1, 6),
        comparator: (a, b) => sameModel(a.model, b.model),
      }),
      base: fc.oneof(fc.constant(null), model, fc.nat()),
      parameters: settings(known),
      weight: scalar({ kind: "number", min: 0, max: 1 } as MergeParameter),
      dtype,
      outDtype: dtype,
    })
    .map(({ base, weight, ...rest }) => ({
      ...rest,
      base: typeof base === "number" ? rest.models[base % rest.models.length]!.model : base,
      parameters: {
        ...Object.fromEntries(demandedParameters(method).map((name) => [name, weight])),
        ...rest.parameters,
      },
      notes: [],
    }))
    .filter((c) => {
      const count = mergeInputs(c, method).components.length;
      if (method.base === "needed" && !c.base) return false;
      return count >= method.models.min && count <= method.models.max;
    });
}

describe("writeMergeConfig", () => {
  it.each(MERGE_METHODS.map((m) => [m.name, m] as const))("%s is read back as it was", (_, method) => {
    fc.assert(
      fc.property(config(method), fc.array(fc.string(), { maxLength: 2 }), (own, comments) => {
        const text = writeMergeConfig(own, comments);
        const read = parseMergeConfig(text, "m.yaml");
        if (!read.ok) throw new Error(`${sentence(read.problem)}\n${text}`);
        expect({ ...read.value, notes: [] }).toEqual(own);
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it("refuses to write what it does not know", () => {
    const base: MergeConfig = {
      ...{ file: "m.yaml", method: "linear", models: [], base: null, parameters: {} },
      ...{ dtype: null, outDtype: null, notes: [] },
    };
    expect(() => writeMergeConfig({ ...base, method: "x" })).toThrow(RangeError);
    expect(() => writeMergeConfig({ ...base, parameters: { x: 1 } })).toThrow(RangeError);
  });
});

describe("yamlText and yamlNumber", () => {
  it("write what YAML 1.1 reads as the same text and number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(plainScalar(yamlNumber(x))).toBe(x === 0 && Object.is(x, 0) ? 0 : x);
      }),
      { seed: 4 },
    );
    expect([1e-7, 1.5e-7, 1e21, 0.1, 3, -0].map(yamlNumber)).toEqual([
      ...["1.0e-7", "1.5e-7", "1.0e+21", "0.1", "3", "-0.0"],
    ]);
    expect(["a/b-c.d", "yes", "1.5", "-a", "a b", "ä", "..", "1e-3"].map(yamlText)).toEqual([
      ...["a/b-c.d", '"yes"', '"1.5"', '"-a"', '"a b"', '"ä"', "..", "1e-3"],
    ]);
  });
});
