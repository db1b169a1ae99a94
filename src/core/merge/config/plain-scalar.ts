/** A value that no setting can have, and what it is. */
export interface Unsupported {
  readonly unsupported: string;
}

/** What an unquoted YAML scalar stands for. */
export type PlainScalar = null | boolean | number | string | Unsupported;

const INTEGER = /^[-+]?(?:0b[01_]+|0x[\da-fA-F_]+|0[0-7_]+|0|[1-9][\d_]*(?::[0-5]?\d)+|[1-9][\d_]*)$/;
const DECIMAL = /^(?:[-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][-+]\d+)?$/;
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/;
const DATE = /^\d{4}-(?:\d\d-\d\d$|\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d)/;

const cased = (word: string): string[] => [
  word,
  word.replace(/[a-z]/, (c) => c.toUpperCase()),
  word.toUpperCase(),
];
const each = (words: readonly string[], value: PlainScalar): [string, PlainScalar][] =>
  words.map((word) => [word, value]);
const infinity = cased(".inf");
const WORDS: ReadonlyMap<string, PlainScalar> = new Map([
  ...each(["", "~", ...cased("null")], null),
  ...each(["yes", "true", "on"].flatMap(cased), true),
  ...each(["no", "false", "off"].flatMap(cased), false),
  ...each([...infinity, ...infinity.map((w) => `+${w}`)], Infinity),
  ...each(
    infinity.map((w) => `-${w}`),
    -Infinity,
  ),
  ...each([".nan", ".NaN", ".NAN"], NaN),
  ...each(["=", "<<"], { unsupported: "a YAML sign with a meaning of its own" }),
]);

/**
 * A plain scalar as YAML 1.1 reads it, in the dialect of PyYAML's safe loader, which mergekit uses: yes and off are
 * booleans, 010 is 8, 1:30 is 90, while 1e-3, which has no point, is text.
 */
export function plainScalar(text: string): PlainScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (text.length > 1000) return text;
  if (INTEGER.test(text)) return integer(text.replaceAll("_", ""));
  if (DECIMAL.test(text)) return Number(text.replaceAll("_", ""));
  if (BASE_60.test(text)) return base60(text.replaceAll("_", ""));
  return DATE.test(text) ? { unsupported: "a date" } : text;
}

function integer(text: string): PlainScalar {
  if (text.includes(":")) return base60(text);
  const digits = text.replace(/^[-+]/, "");
  const octal = /^0\d+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = Number(octal);
  if (octal.length < 3 && /[bx]/.test(octal)) return { unsupported: "a number without digits" };
  return text.startsWith("-") && value !== 0 ? -value : value;
}

function base60(text: string): number {
  const parts = text.replace(/^[-+]/, "").split(":");
  const value = parts.reduce((sum, part) => 60 * sum + Number(part), 0);
  return text.startsWith("-") ? -value : value;
}
