import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchBudget, namePattern, PatternError } from "./name-pattern";

const matches = (pattern: string, name: string) => namePattern(pattern)(name, matchBudget());
const problem = (pattern: string) => {
  try {
    namePattern(pattern);
    return "accepted";
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
};

describe("namePattern", () => {
  // What Python's re.fullmatch says, by the language's rules.
  it.each([
    ["q_proj", "q_proj", true],
    ["q_proj", "xq_proj", false],
    ["q.proj", "q_proj", true],
    [String.raw`model\.layers\.\d+\.mlp`, "model.layers.12.mlp", true],
    [String.raw`model\.layers\.\d+\.mlp`, "model.layers.x.mlp", false],
    [String.raw`model\.layers\.\d+\.mlp`, "modelxlayers.1.mlp", false],
    ["(q|k|v)_proj", "v_proj", true],
    ["(q|k|v)_proj", "o_proj", false],
    ["q|k", "k", true],
    ["a*", "", true],
    ["a+", "", false],
    ["a?b", "b", true],
    ["a{2,3}", "aa", true],
    ["a{2,3}", "aaaa", false],
    ["a{2}", "aaa", false],
    ["a{2,}", "aaaaa", true],
    ["a{,2}", "", true],
    [".*?x", "abcx", true],
    ["[a-c]+", "abcabc", true],
    ["[^a-c]+", "abc", false],
    ["[]a]", "]", true],
    ["[a-]", "-", true],
    [String.raw`[\d.]+`, "1.2", true],
    ["^a$", "a", true],
    ["b^a", "ba", false],
    ["(?:ab)+", "abab", true],
    ["(?P<n>ab)", "ab", true],
    ["()*", "", true],
    ["(a*)*", "aaa", true],
    ["(^x|y)z", "yz", true],
    [String.raw`\w+\s\W`, "a_1 .", true],
    ["", "", true],
  ])("%s on %j: %s", (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  it.each([
    [String.raw`(a)\1`, /"\\1" at character 3, which is not read/],
    ["(?=a)", /"\(\?=" at character/],
    ["(?i)a", /"\(\?i"/],
    [String.raw`a\b`, /"\\b"/],
    [String.raw`a\Z`, /"\\Z"/],
    ["a**", /repeats a repetition/],
    ["*a", /"\*" at character 0/],
    ["(a", /lacks a closing parenthesis/],
    ["a)", /"\)" at character 1/],
    ["[a", /lacks a closing bracket/],
    ["a\\", /ends in a backslash/],
    ["[z-a]", /range "z-a"/],
    ["a{3,2}", /repeats \{3,2\}/],
    ["a{9999}", /repeats \{9999\}/],
    ["(a{1000}){1000}", /too large/],
    ["((((){1000}){1000}){1000}){1000}", /too large/],
    ["(".repeat(60), /nests too deep/],
    ["a".repeat(3000), /longer than 2000/],
  ])("refuses %s", (pattern, message) => {
    expect(problem(pattern)).toMatch(message);
  });

  it("takes no time on patterns that make others backtrack", () => {
    const start = performance.now();
    expect(matches("(a+)+$", `${"a".repeat(400)}b`)).toBe(false);
    expect(matches("(a|a)*(a|aa)*c", "a".repeat(400))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it("stops when the budget is spent", () => {
    const budget = { left: 1000 };
    const match = namePattern("(a|b)*c");
    expect(() => {
      for (let i = 0; i < 100; i++) match("abababab", budget);
    }).toThrow(/takes too long/);
  });

  it("agrees with JavaScript's own on what both know", () => {
    const piece = fc.constantFrom(
      "a",
      "b",
      ".",
      "a*",
      "b+",
      "a?",
      "(a|b)",
      "(?:ab)*",
      "[ab]",
      "[^a]",
      "a{1,2}",
      "^",
      "$",
      "|",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 6 }),
        (pieces, letters) => {
          const pattern = pieces.join("");
          const name = letters.join("");
          expect(matches(pattern, name)).toBe(new RegExp(`^(?:${pattern})$`).test(name));
        },
      ),
      { seed: 5, numRuns: 3000 },
    );
  });

  it("never throws anything else", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab.*+?{}1,()[]|^$\\d-:P<>=") }), (pattern) => {
        expect(problem(pattern)).toMatch(/./);
      }),
      { seed: 6, numRuns: 3000 },
    );
  });
});
