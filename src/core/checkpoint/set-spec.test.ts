import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import type { ComponentSetSpec } from "./component-set";
import { newSetSpec } from "./new-set-spec";
import { setHash, withSums } from "./set-hash";
import { parseSetSpec, setSpecText } from "./set-spec";
import { tinySpec } from "./tiny-set";

const spec = tinySpec(["general", "code", "math"]);
const parse = (value: unknown) => parseSetSpec(JSON.stringify(value), "demix-set.json");
const refusal = (value: unknown) => {
  const result = parse(value);
  return result.ok ? "accepted" : sentence(result.problem);
};
const component = (changes: object) => ({
  ...spec,
  components: [{ ...spec.components[0], ...changes }, spec.components[1]],
});

describe("parseSetSpec", () => {
  it("reads a set and keeps unknown keys", () => {
    const value = { ...spec, note: { deep: [1] }, base: { ...spec.base, colour: "red" } };
    const parsed = parse(value);
    expect(parsed.ok && parsed.value).toEqual(value);
    expect(parseSetSpec(`\uFEFF${JSON.stringify(spec)}`, "f").ok).toBe(true);
  });

  it.each([
    ["{", /demix-set.json: its JSON ends too early/],
    ["[]", /not "demix-set"/],
  ])("refuses the text %s", (text, message) => {
    const parsed = parseSetSpec(text, "demix-set.json");
    expect(!parsed.ok && sentence(parsed.problem)).toMatch(message);
  });

  const many = Array.from({ length: 65 }, (_, i) => ({ ...spec.components[1], id: `c${i}` }));
  const cases: [string, unknown, RegExp][] = [
    ["another format", { ...spec, format: "demix-recipe" }, /"format" is not "demix-set"/],
    [
      "a newer version",
      { ...spec, version: 3 },
      /made by a newer version.*reads up to 2.*Update the workbench/,
    ],
    ["version 0", { ...spec, version: 0 }, /"version" must be 2/],
    ["version 1.5", { ...spec, version: 1.5 }, /"version" must be 2/],
    ["no name", { ...spec, name: undefined }, /"name" is missing or no string/],
    ["β above 1", { ...spec, beta: 1.5 }, /"beta" must be at most 1/],
    ["β below 0", component({ beta: -0.1 }), /"components\[0\].beta" must be at least 0/],
    ["no components", { ...spec, components: [] }, /"components" must be at least 1 long/],
    ["65 components", { ...spec, components: many }, /"components" must be at most 64 long/],
    ["an id twice", component({ id: "code" }), /two of its members have the id "code"/],
    ["the base's id", component({ id: "base" }), /id "base"/],
    ["an odd id", component({ id: "../x" }), /"components\[0\].id" must be 1 to 64 letters/],
    [
      "two general ones",
      component({ general: true }).components[0] && {
        ...spec,
        components: spec.components.map((c) => ({ ...c, general: true })),
      },
      /as general; at most one/,
    ],
    [
      "a folder outside",
      component({ source: "../x/" }),
      /"components\[0\].source" cannot be read: the source "..\/x\/" is no folder relative.*Write a folder/,
    ],
    ["an absolute folder", component({ source: "/x/" }), /is no folder relative/],
    ["another protocol", component({ source: "ftp://x.org/" }), /is no folder relative/],
    ["an address with a token", component({ source: "https://me:secret@x.org/" }), /neither user name/],
    ["an address with a query", component({ source: "https://x.org/?token=1" }), /neither user name/],
    ["a base outside", { ...spec, base: { ...spec.base, source: "/" } }, /"base.source" cannot be read/],
    ["tasks outside", { ...spec, tasks: "a/../../b" }, /"tasks" must be a path relative/],
    [
      "a short checksum",
      component({ sha256: { "model.safetensors": "abc" } }),
      /sha256.model.safetensors" must be 64/,
    ],
    ["β as text", component({ beta: "half" }), /"components\[0\].beta" is missing or no number/],
    ["no β at all", component({ beta: undefined }), /"components\[0\].beta" is missing or no number/],
    ["negative tokens", component({ trainTokens: -1 }), /"components\[0\].trainTokens" must be at least 0/],
    ["a base that is text", { ...spec, base: "x" }, /"base" is missing or no object/],
  ];
  it.each(cases)("refuses %s", (_, value, message) => {
    expect(refusal(value)).toMatch(message);
  });

  it("never throws", () => {
    const keys = [...Object.keys(spec), "__proto__", "references"];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (changes) => {
        expect(refusal({ ...spec, ...changes })).toMatch(/^accepted$|^demix-set\.json: /);
      }),
      { seed: 1 },
    );
  });
});

describe("a set of version 1", () => {
  const old = { ...spec, version: 1, note: "kept" };

  it("is read as version 2 and says the same", () => {
    const parsed = parse(old);
    expect(parsed.ok && parsed.value).toEqual({ ...old, version: 2 });
  });

  it("is checked like one of version 2", () => {
    expect(refusal({ ...old, beta: 2 })).toMatch(/"beta" must be at most 1/);
  });
});

describe("sources", () => {
  it.each([
    ["code", "code/"],
    ["a/b/", "a/b/"],
    ["https://host.org/models/code", "https://host.org/models/code/"],
    ["hf://Qwen/Qwen3-0.6B", "hf://Qwen/Qwen3-0.6B@main"],
    ["hf://Qwen/Qwen3-0.6B@v1.0", "hf://Qwen/Qwen3-0.6B@v1.0"],
    ["local:my models", "local:my models"],
  ])("%s is read as %s", (given, normal) => {
    const parsed = parse(component({ source: given }));
    expect(parsed.ok && parsed.value.components[0]!.source).toBe(normal);
    expect(parsed.ok && parse(parsed.value)).toEqual(parsed);
  });
});

describe("setSpecText", () => {
  it("is read back as the same set, unknown values and keys too", () => {
    const unknown = { beta: null, trainTokens: null, supplyTokens: null };
    const value = {
      ...spec,
      extra: ["kept"],
      components: spec.components.map((c) => ({ ...c, ...unknown })),
    };
    const parsed = parseSetSpec(setSpecText(value), "f");
    expect(parsed.ok && parsed.value).toEqual(value);
  });

  it("needs no tasks", () => {
    const { tasks: _, ...bare } = spec;
    const parsed = parseSetSpec(setSpecText(bare), "f");
    expect(parsed.ok && parsed.value).toEqual(bare);
  });
});

describe("newSetSpec", () => {
  const local = (name: string) => ({ kind: "local" as const, name });
  const make = (...labels: string[]) =>
    newSetSpec({
      name: "Mine",
      base: { label: "Base model", source: local("base") },
      components: labels.map((label, i) => ({ label, source: local(`c${i}`) })),
    });

  it("makes unique ids from labels and leaves unknown what nobody said", () => {
    const made = make("Code (high)", "Code (high)", "Mathé 2", "数学", "", "Base model", "../x", "--");
    if (!made.ok) throw new Error(sentence(made.problem));
    expect(made.value.base.id).toBe("Base-model");
    expect(made.value.components.map((c) => c.id)).toEqual([
      "Code-high",
      "Code-high-2",
      "Mathe-2",
      "model",
      "model-2",
      "Base-model-2",
      "x",
      "model-3",
    ]);
    expect(made.value.components[0]).toEqual({
      id: "Code-high",
      label: "Code (high)",
      source: "local:c0",
      trainedOn: "",
      general: false,
      beta: null,
      trainTokens: null,
      supplyTokens: null,
    });
    expect(made.value).toMatchObject({ version: 2, beta: 0.5 });
    expect(made.value.tasks).toBeUndefined();
  });

  it("keeps what is known", () => {
    const made = newSetSpec({
      name: "Mine",
      beta: 0.25,
      tasks: "tasks.json",
      base: {
        label: "b",
        source: { kind: "hub", repo: "o/n", revision: "main" },
        sha256: { f: "0".repeat(64) },
      },
      components: [
        {
          label: "g",
          source: { kind: "http", url: "https://h.org/g/" },
          trainedOn: "general",
          general: true,
          beta: 1,
          trainTokens: 5,
          supplyTokens: 7,
          licences: ["MIT"],
        },
      ],
    });
    expect(made.ok && made.value).toEqual({
      format: "demix-set",
      version: 2,
      name: "Mine",
      beta: 0.25,
      base: { id: "b", label: "b", source: "hf://o/n@main", sha256: { f: "0".repeat(64) } },
      components: [
        {
          id: "g",
          label: "g",
          source: "https://h.org/g/",
          trainedOn: "general",
          general: true,
          beta: 1,
          trainTokens: 5,
          supplyTokens: 7,
          licences: ["MIT"],
        },
      ],
      tasks: "tasks.json",
    });
  });

  it("refuses what a set file may not say", () => {
    const none = make();
    expect(!none.ok && sentence(none.problem)).toMatch(/"components" must be at least 1 long/);
  });

  it("gives ids that the set file accepts, whatever the labels", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 6 }), (labels) => {
        expect(make(...labels).ok).toBe(true);
      }),
      { seed: 3 },
    );
  });
});

describe("setHash", () => {
  const sums = new Map(["base", "general", "code", "math"].map((id, i) => [id, { f: `${i}`.repeat(64) }]));
  const full = withSums(spec, sums);

  it("needs every member's checksums", async () => {
    expect(await setHash(spec)).toBeNull();
    expect(await setHash(full)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("depends on weights and their order, not on names", async () => {
    const hash = await setHash(full);
    const renamed: ComponentSetSpec = { ...full, name: "other", beta: 0.4 };
    expect(await setHash(renamed)).toBe(hash);
    expect(await setHash({ ...full, components: [...full.components].reverse() })).not.toBe(hash);
    expect(await setHash(withSums(full, new Map([["code", { f: "a" }]])))).toBe(hash);
  });
});
