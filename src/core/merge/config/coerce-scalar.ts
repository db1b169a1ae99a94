import type { MergeParameter } from "../merge-method";

const FLOAT = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const INTEGER = /^[-+]?\d+(?:\.0+)?$/;
const SWITCHES: ReadonlyMap<string, number> = new Map([
  ...["0", "off", "f", "false", "n", "no"].map((word): [string, number] => [word, 0]),
  ...["1", "on", "t", "true", "y", "yes"].map((word): [string, number] => [word, 1]),
]);

/**
 * A YAML scalar as the number, whole number or switch (0 or 1) that a parameter wants, by the rules with which mergekit
 * (pydantic) converts it: "1e-3" is a number, "On" a switch, true is 1. Null where mergekit refuses it, and for numbers
 * that are not finite.
 */
export function coerceScalar(value: string | number | boolean, kind: MergeParameter["kind"]): number | null {
  if (kind === "switch") return toSwitch(value);
  const number =
    typeof value === "string" ? parse(value, kind === "integer" ? INTEGER : FLOAT) : Number(value);
  if (number === null || !Number.isFinite(number)) return null;
  if (kind === "number") return number;
  return Number.isSafeInteger(number) ? number + 0 : null;
}

function toSwitch(value: string | number | boolean): number | null {
  if (typeof value === "string") return SWITCHES.get(value.toLowerCase()) ?? null;
  const number = Number(value);
  return number === 0 || number === 1 ? Math.abs(number) : null;
}

function parse(text: string, form: RegExp): number | null {
  const trimmed = text.trim();
  if (/^_|_$|__/.test(trimmed)) return null;
  const digits = trimmed.replaceAll("_", "");
  return form.test(digits) ? Number(digits) : null;
}
