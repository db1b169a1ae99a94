import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { float, floatRepr, pythonJson, pythonRepr, pythonStr } from "./python-json";

/** Made by reference/python_text.py. */
const file = new URL("../../../reference/values/python-text.json", import.meta.url);
const reference = JSON.parse(readFileSync(file, "utf8")) as {
  floats: [number, string][];
  texts: [string, string, string][];
  values: [string, string, string, string][];
};

it("writes floats as Python does", () => {
  for (const [value, repr] of reference.floats) {
    expect(floatRepr(value)).toBe(repr);
    expect(pythonJson(float(value))).toBe(repr);
  }
  expect([Number.NaN, 1 / 0, -1 / 0].map(floatRepr)).toEqual(["nan", "inf", "-inf"]);
  expect(pythonJson([Number.NaN, float(-1 / 0)])).toBe("[NaN, -Infinity]");
});

it("writes texts as Python does", () => {
  for (const [text, repr, json] of reference.texts) {
    expect(pythonRepr(text)).toBe(repr);
    expect(pythonStr(text)).toBe(text);
    expect(pythonJson(text)).toBe(json);
  }
});

it("writes nested values as Python does", () => {
  for (const [source, text, json, indented] of reference.values) {
    const value = JSON.parse(source) as unknown;
    expect(pythonStr(value)).toBe(text);
    expect(pythonJson(value)).toBe(json);
    expect(pythonJson(value, 2)).toBe(indented);
  }
});

it("keeps the order of keys and leaves out absent ones", () => {
  expect(pythonJson({ b: 1, a: float(1), c: undefined })).toBe('{"b": 1, "a": 1.0}');
  expect(pythonStr([float(1), 1, true])).toBe("[1.0, 1, True]");
});
