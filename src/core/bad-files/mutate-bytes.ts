import type { SeededChoice } from "./seeded-choice";

/** What a byte mutation puts in. */
const SIGNS = [
  "{",
  "}",
  "[",
  "]",
  '"',
  ",",
  ":",
  "-",
  "0",
  "9",
  "e",
  ".",
  "\\",
  "\n",
  "\t",
  " ",
  "\u0000",
  "null",
];

const MUTATIONS = ["flip", "set", "cut", "drop", "insert", "repeat", "digit", "splice"] as const;

/** One change of a file's bytes; `other` is a second valid file to splice with. */
export function mutateBytes(bytes: Uint8Array, other: Uint8Array, choice: SeededChoice): Uint8Array {
  const at = choice.below(bytes.length + 1);
  switch (choice.one(MUTATIONS)) {
    case "flip":
      return replaced(bytes, at, (byte) => byte ^ (1 << choice.below(8)));
    case "set":
      return replaced(bytes, at, () => choice.below(256));
    case "cut":
      return bytes.slice(0, at);
    case "drop":
      return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + choice.below(12)));
    case "insert":
      return joined(bytes.subarray(0, at), new TextEncoder().encode(choice.one(SIGNS)), bytes.subarray(at));
    case "repeat":
      return joined(bytes.subarray(0, at + choice.below(40)), bytes.subarray(at));
    case "digit":
      return changedDigit(bytes, choice);
    case "splice":
      return joined(bytes.subarray(0, at), other.subarray(choice.below(other.length + 1)));
  }
}

function replaced(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = new Uint8Array(bytes);
  if (at < copy.length) copy[at] = change(copy[at]!);
  return copy;
}

function changedDigit(bytes: Uint8Array, choice: SeededChoice): Uint8Array {
  const digits: number[] = [];
  for (const [i, byte] of bytes.entries()) if (byte >= 0x30 && byte <= 0x39) digits.push(i);
  return digits.length === 0 ? bytes : replaced(bytes, choice.one(digits), () => 0x30 + choice.below(10));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
