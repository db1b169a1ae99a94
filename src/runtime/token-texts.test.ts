import fc from "fast-check";
import { expect, it } from "vitest";
import { openTokenizer, type TextTokenizer } from "../core/scoring/tokenizer";
import { tinySet } from "./tiny-set.fixture";
import { tokenTexts } from "./token-texts";

async function tokenizer(): Promise<TextTokenizer> {
  const files = await tinySet(1);
  const opened = openTokenizer({
    name: "tiny",
    tokenizer: files["base/tokenizer.json"] as string,
    tokenizerConfig: { eos_token: "<|end|>" },
    config: {},
    generationConfig: null,
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.value;
}

/** One token a byte; the first space of a text is dropped, as sentencepiece does. */
const bytes: TextTokenizer = {
  encode: (text) => [...new TextEncoder().encode(text)],
  decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids)).replace(/^ /, ""),
  prefixToken: 0,
  stopTokens: new Set(),
} as Partial<TextTokenizer> as TextTokenizer;

it("gives texts that joined are the text", async () => {
  const tiny = await tokenizer();
  const ids = tiny.encode("the cat = an ant\n");
  expect(tokenTexts(ids, tiny).map((t) => t.text)).toEqual([
    "the",
    " ",
    "c",
    "a",
    "t",
    " ",
    "=",
    " ",
    "an",
    " ",
    "an",
    "t",
    "\n",
  ]);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
      const shown = tokenTexts(bytes.encode(text), bytes);
      expect(shown.map((t) => t.text).join("")).toBe(text.replace(/^ /, ""));
    }),
    { seed: 7 },
  );
});

it("shows a split character where it is complete, and spaces between words", () => {
  expect(tokenTexts(bytes.encode("é x"), bytes).map((t) => t.text)).toEqual(["", "é", " ", "x"]);
  expect(tokenTexts([0xc3, 0x41], bytes).map((t) => t.text)).toEqual(["", "\ufffdA"]);
});
