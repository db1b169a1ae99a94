import { describe, expect, it } from "vitest";
import { treeOf, treeText } from "../bad-files/json-tree";
import { mutateBytes } from "../bad-files/mutate-bytes";
import { mutatedJsonFile } from "../bad-files/mutate-json-file";
import { referenceJson } from "../bad-files/reference-json";
import { SeededChoice } from "../bad-files/seeded-choice";
import { sentence } from "../result";
import { isObject, type JsonOptions, parseStrictJson, toPlain } from "./strict-json";

const read = (text: string, options?: JsonOptions) => {
  const parsed = parseStrictJson(text, "f.json", options);
  return parsed.ok ? toPlain(parsed.value) : sentence(parsed.problem);
};

describe("parseStrictJson", () => {
  it.each([
    ["null", null],
    [
      ' {"a" : [1, -0, 1e3, 0.5, "\\u00e4\\n", true, {}, []]}\r\n',
      { a: [1, -0, 1000, 0.5, "ä\n", true, {}, []] },
    ],
    ["\ufeff[123456789012345, 1234567890123456, 0]", [123456789012345, 1234567890123456, 0]],
    ['"😀\\ud83d\\ude00"', "😀😀"],
  ])("reads %j", (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ['{"a":1,\n "a":2}', 'the key "a" occurs twice in its JSON (line 2, column 2).'],
    ['{"a":{"b":1,\n "b":2}}', 'the key "b" occurs twice in its JSON (line 2, column 2, in "a").'],
    ["[1,\n2", "its JSON ends too early (line 2, column 2)."],
    ["\n\n[1,]", 'its JSON has "]" where that cannot stand (line 3, column 4).'],
    ['{"x":"\n"}', 'its JSON has "\\n" where that cannot stand (line 1, column 7, in "x").'],
    ['{"x":"a', 'its JSON ends inside a string (line 1, column 6, in "x").'],
    ['["\\q"]', "a string has an invalid escape (line 1, column 2)."],
    ['["\ud800"]', "a string has half a surrogate pair (line 1, column 2)."],
    ["[1e999]", "the number 1e999 is too large (line 1, column 2)."],
    ["{} {}", "text follows the JSON value (line 1, column 4)."],
    ["\u202e", 'its JSON has "\\u202e" where that cannot stand (line 1, column 1).'],
    ["[".repeat(65), "its JSON is nested deeper than 64 levels (line 1, column 65)."],
  ])("refuses %j and says where", (text, said) => {
    expect(read(text)).toBe(`f.json: ${said} Correct it there, or download or export the file again.`);
  });

  it("reads 64 levels", () => {
    expect(Array.isArray(read(`${"[".repeat(64)}${"]".repeat(64)}`))).toBe(true);
  });

  it("takes whole numbers alone where it is asked to", () => {
    expect(read("[0, 9007199254740991]", { whole: true })).toEqual([0, 9007199254740991]);
    for (const number of ["-1", "-0", "1.0", "1e0", "0.5", "9007199254740992", "10000000000000000"])
      expect(read(`[${number}]`, { whole: true })).toContain(`the number ${number} is not a whole number`);
  });

  it("gives the members of the top level one by one, and refuses one by its name", () => {
    const seen: unknown[] = [];
    const member = (key: string, value: unknown) => {
      seen.push([key, value]);
      return key === "c" ? "it is not wanted." : null;
    };
    expect(read('{"a":1,"b":{"c":2}}', { member })).toEqual({ a: null, b: null });
    expect(seen).toEqual([
      ["a", 1],
      ["b", new Map([["c", 2]])],
    ]);
    expect(read('{"c":1,', { member, remedy: "Leave it out." })).toBe(
      "f.json, tensor c: it is not wanted. Leave it out.",
    );
    expect(read('{"d":1,"d":1}', { member })).toContain('the key "d" occurs twice');
  });

  it("refuses __proto__ where it is asked to, and else takes it for a key like any other", () => {
    const text = '{"__proto__":{"polluted":1}}';
    const parsed = parseStrictJson(text, "f.json");
    expect(parsed.ok && isObject(parsed.value) && parsed.value.get("__proto__")).toEqual(
      new Map([["polluted", 1]]),
    );
    expect(Object.keys(read(text) as object)).toEqual(["__proto__"]);
    expect("polluted" in {}).toBe(false);
    expect(read(text, { ownFormat: true })).toContain(
      'the key "__proto__" has no place in its JSON (line 1, column 2).',
    );
  });

  it("limits the values of a file", () => {
    expect(read("[1,2]", { maxValues: 3 })).toEqual([1, 2]);
    expect(read("[1,2,3]", { maxValues: 3 })).toContain("more than 3 values (line 1, column 6)");
  });
});

const VALUES = [
  {
    a: [1, -2.5e-3, 'x\u0000ä😀\n\\"/', null, true, false, {}, []],
    b: { "": { c: [[[0]]] } },
    "\u2028": "\u202e",
  },
  [123456789012345680, 0, { deep: { deeper: ["", "\t"] } }],
];
/** Why JSON that `JSON.parse` reads is refused. */
const STRICTER = /nested deeper|too large|surrogate/;

it("accepts of 6000 damaged texts what JSON.parse does, but for what is stricter, with the same values", () => {
  const utf8 = new TextEncoder();
  let accepted = 0;
  for (let seed = 0; seed < 6000; seed++) {
    const choice = new SeededChoice(seed);
    const text = new TextDecoder().decode(
      choice.chance(0.5)
        ? mutatedJsonFile(VALUES, choice)
        : mutateBytes(
            utf8.encode(treeText(treeOf(VALUES[0]))),
            utf8.encode(treeText(treeOf(VALUES[1]))),
            choice,
          ),
    );
    let expected: ReturnType<typeof referenceJson> | null = null;
    try {
      expected = referenceJson(text);
    } catch {
      // It is no JSON.
    }
    const parsed = parseStrictJson(text, "f.json");
    if (parsed.ok) {
      accepted++;
      expect(expected?.repeats, `seed ${seed}`).toBe(false);
      expect(toPlain(parsed.value), `seed ${seed}`).toEqual(expected?.value);
    } else if (expected && !expected.repeats)
      expect(parsed.problem.message, `seed ${seed}`).toMatch(STRICTER);
  }
  expect(accepted).toBeGreaterThan(600);
  expect(accepted).toBeLessThan(5400);
});
