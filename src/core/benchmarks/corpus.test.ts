import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import type { RollingItem } from "../scoring/task";
import { rowCorpus, textCorpus } from "./corpus";
import { splitText } from "./split-text";

describe("a corpus", () => {
  it("of rows has one document a row", async () => {
    const made = await rowCorpus({
      name: "notes.jsonl",
      rows: [{ text: "one" }, { text: "" }, { text: "two" }],
    });
    if (!made.ok) throw new Error(sentence(made.problem));
    expect(made.value.items.map((i) => (i as RollingItem).text)).toEqual(["one", "two"]);
    expect(made.value.notes).toEqual(["1 row is left out: text is empty or no text (row 2)."]);
    expect(made.value.spec).toMatchObject({ id: "notes_bytes", outputType: "loglikelihood_rolling" });
  });
  it("takes the one field of text, and refuses several", async () => {
    expect((await rowCorpus({ name: "a.jsonl", rows: [{ n: 1, body: "x" }] })).ok).toBe(true);
    const two = await rowCorpus({ name: "a.jsonl", rows: [{ a: "x", b: "y" }] });
    expect(two.ok ? "" : sentence(two.problem)).toContain("no field of text");
  });
  it("of a text is cut at blank lines and said to be", async () => {
    const paragraph = `${"word ".repeat(900)}\n\n`;
    const made = await textCorpus(paragraph.repeat(8), "book.txt");
    if (!made.ok) throw new Error(sentence(made.problem));
    const texts = made.value.items.map((i) => (i as RollingItem).text);
    expect(texts.every((t) => t.endsWith("\n\n"))).toBe(true);
    expect(made.value.notes[0]).toMatch(/scored in 3 pieces, cut at blank lines/);
    expect((await textCorpus("", "empty.txt")).ok).toBe(false);
  });
  it("loses no character, and no piece is longer than the limit", () => {
    const part = fc.constantFrom("a", " ", "\n", "\n\n", "😀", "word ".repeat(2000), "x".repeat(20_000));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const text = parts.join("");
        const { pieces } = splitText(text);
        expect(pieces.join("")).toBe(text);
        for (const piece of pieces) {
          expect(piece.trimEnd().length).toBeLessThanOrEqual(16_384);
          expect(/\p{Surrogate}/u.test(piece)).toBe(false);
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
