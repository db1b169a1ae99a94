import { isObject, type Json, type JsonObject, parseStrictJson } from "../checkpoint/strict-json";
import { fail, ok, type Result } from "../result";

/** An object of JSON as Python writes it (NaN, Infinity). */
export function readObject(text: string, file: string, remedy: string): Result<JsonObject> {
  const json = parseStrictJson(text, file, { pythonNumbers: true, remedy });
  if (!json.ok) return json;
  return isObject(json.value) ? ok(json.value) : fail("bad-file", "holds no object.", { file, remedy });
}

export const objectAt = (object: JsonObject, key: string): JsonObject | null => {
  const value = object.get(key);
  return isObject(value) ? value : null;
};
export const textAt = (object: JsonObject, key: string): string | null => {
  const value = object.get(key);
  return typeof value === "string" ? value : null;
};
export const numberAt = (object: JsonObject, key: string): number | null => {
  const value = object.get(key);
  return typeof value === "number" ? value : null;
};
export const listOf = (value: Json | undefined): readonly Json[] | null =>
  Array.isArray(value) ? value : null;
