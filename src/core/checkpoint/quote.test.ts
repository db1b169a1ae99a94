import { expect, it } from "vitest";
import { quote, shorten } from "./quote";

it.each([
  ["plain", "plain", '"plain"'],
  ['a"b\\', 'a"b\\', '"a\\"b\\\\"'],
  ["ä 😀", "ä 😀", '"ä 😀"'],
  ["a\nb\u0000", "a\\u000ab\\u0000", '"a\\nb\\u0000"'],
  ["\u202egnp\u200f", "\\u202egnp\\u200f", '"\\u202egnp\\u200f"'],
  ["\u2028\ufeff\u0085", "\\u2028\\ufeff\\u0085", '"\\u2028\\ufeff\\u0085"'],
  ["\ud800x", "\\ud800x", '"\\ud800x"'],
  ["\u{e0001}", "\\u{e0001}", '"\\u{e0001}"'],
])("shows %j without what cannot be seen", (text, short, quoted) => {
  expect(shorten(text)).toBe(short);
  expect(quote(text)).toBe(quoted);
});

it("cuts after 119 characters, never inside a pair", () => {
  expect(shorten("x".repeat(120))).toBe("x".repeat(120));
  expect(shorten("x".repeat(121))).toBe(`${"x".repeat(119)}…`);
  expect(shorten(`${"x".repeat(118)}😀${"x".repeat(9)}`)).toBe(`${"x".repeat(118)}…`);
});
