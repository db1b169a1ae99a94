import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import { settingProblem } from "./merge-method";
import { findMethod, MERGE_METHODS } from "./registry";

describe("MERGE_METHODS", () => {
  it("holds the fifteen methods under mergekit's names", () => {
    expect(MERGE_METHODS.map((m) => m.name)).toEqual([
      "linear",
      "task_arithmetic",
      "ties",
      "dare_linear",
      "dare_ties",
      "breadcrumbs",
      "breadcrumbs_ties",
      "della",
      "della_linear",
      "multislerp",
      "karcher",
      "slerp",
      "nuslerp",
      "sce",
      "model_stock",
    ]);
    expect(new Set(MERGE_METHODS.map((m) => m.label)).size).toBe(15);
  });

  it.each(MERGE_METHODS)("$name explains itself and its parameters", (method) => {
    const texts = [method, ...method.parameters].flatMap(({ label, help }) => [label, help]);
    for (const text of texts) expect(text.trim().length).toBeGreaterThan(2);
    for (const { help } of [method, ...method.parameters]) expect(help).toMatch(/^[A-Z0-9].*\.$/);
    const names = method.parameters.map((p) => p.name);
    expect(new Set(names).size).toBe(names.length);
    for (const parameter of method.parameters)
      expect(settingProblem(parameter, parameter.default)).toBeNull();
  });

  it("is searched by name, or says what there is", () => {
    for (const method of MERGE_METHODS) expect(findMethod(method.name)).toEqual({ ok: true, value: method });
    const unknown = findMethod("passthrough");
    expect(!unknown.ok && sentence(unknown.problem)).toMatch(
      /"passthrough" is not known here. Use linear, task_/,
    );
  });
});
