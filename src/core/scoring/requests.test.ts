import { describe, expect, it } from "vitest";
import { itemRequests, rollingWindows } from "./requests";
import type { TextTokenizer } from "./tokenizer";

/** One token a character, but "ab" is one token: joint encoding differs from encoding apart. */
const tokenizer: TextTokenizer = {
  encode: (text) => [...text.replaceAll("ab", "\u0001")].map((c) => c.codePointAt(0)!),
  decode: (ids) => ids.map((id) => (id === 1 ? "ab" : String.fromCodePoint(id))).join(""),
  prefixToken: 0,
  stopTokens: new Set([0]),
};
const text = (tokens: readonly number[]) => tokenizer.decode(tokens);

const choose = (context: string, choices: string[], maxLength = 100) =>
  itemRequests({ context, choices, gold: 0 }, "multiple_choice", tokenizer, maxLength).sequences;

describe("choices, as lm-eval encodes them", () => {
  it("moves trailing white space to the continuation", () => {
    for (const space of [" ", "  \n", "\u00a0", "\x1f"]) {
      const [sequence] = choose(`q${space}`, ["yes"]);
      expect(sequence!.from).toBe(1);
      expect(text(sequence!.tokens)).toBe(`q${space}yes`);
    }
    expect(choose("q\ufeff", ["y"])[0]!.from).toBe(2);
  });

  it("encodes the joined text once and splits at the context's own count", () => {
    const [sequence] = choose("xa", ["bc"]);
    expect(sequence!.tokens).toEqual(tokenizer.encode("xabc"));
    expect(sequence!.from).toBe(2);
  });

  it("puts the prefix token before an empty context", () => {
    expect(choose("", ["yes"])[0]).toEqual({ tokens: [0, ...tokenizer.encode("yes")], from: 1 });
    expect(choose("", ["\0yes"])[0]).toEqual({ tokens: [0, ...tokenizer.encode("yes")], from: 1 });
  });

  it("cuts long contexts on the left, to the model's length and one predicted token", () => {
    const [sequence] = choose("0123456789", ["xyz"], 6);
    expect(text(sequence!.tokens)).toBe("6789xyz");
    expect(sequence!.from).toBe(4);
  });
});

describe("rolling windows", () => {
  const tokens = Array.from({ length: 10 }, (_, i) => 10 + i);

  it("begins with the prefix token and predicts every token once", () => {
    for (const length of [1, 3, 4, 9, 10, 11, 50]) {
      const windows = rollingWindows(tokens, 0, length);
      expect(windows[0]!.tokens[0]).toBe(0);
      expect(windows.flatMap((w) => w.tokens.slice(w.from))).toEqual(tokens);
      for (const w of windows) expect(w.tokens.length - 1).toBeLessThanOrEqual(length);
    }
  });

  it("fills the last window with earlier tokens", () => {
    const last = rollingWindows(tokens, 0, 4).at(-1)!;
    expect(last.tokens).toEqual([15, 16, 17, 18, 19]);
    expect(last.from).toBe(3);
  });
});

it("leaves room for the generated tokens", () => {
  const item = { context: "0123456789", target: "x", until: ["."], maxGenToks: 4 };
  const { generate, sequences } = itemRequests(item, "generate_until", tokenizer, 10);
  expect(text(generate!.prompt)).toBe("456789");
  expect(sequences[0]!.from).toBe(10);
});
