import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import type { ComponentSetSpec } from "./component-set";
import { setHash, withSums } from "./set-hash";
import { parseSetSpec } from "./set-spec";
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
    ["a newer version", { ...spec, version: 2 }, /made by a newer version.*Update the workbench/],
    ["version 0", { ...spec, version: 0 }, /"version" must be 1/],
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
      /"components\[0\].source" must be a folder relative/,
    ],
    ["an absolute folder", component({ source: "/x/" }), /must be a folder/],
    ["an address", component({ source: "https://x.org/" }), /must be a folder/],
    ["a folder without slash", component({ source: "x" }), /must be a folder/],
    ["tasks outside", { ...spec, tasks: "a/../../b" }, /"tasks" must be a path relative/],
    [
      "a short checksum",
      component({ sha256: { "model.safetensors": "abc" } }),
      /sha256.model.safetensors" must be 64/,
    ],
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
