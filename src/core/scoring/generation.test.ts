import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Generation, generationJobs } from "./generation";
import type { GenerateRequest } from "./requests";
import { cutAtStops } from "./stop-text";
import type { TextTokenizer } from "./tokenizer";

const STOP = 300;
const SPECIAL = 301;
const utf8 = new TextEncoder();
let decoded = 0;

/** A token a byte, 256 … 259 are pieces of several bytes; special tokens have a text that can be left out. */
const PIECES: Record<number, Uint8Array> = {
  256: utf8.encode("END"),
  257: utf8.encode("a\n"),
  258: utf8.encode("\nb"),
  259: utf8.encode("€"),
};
const tokenizer: TextTokenizer = {
  encode: (text) => [...utf8.encode(text)],
  decode: (ids, skipSpecial = false) => {
    decoded += ids.length;
    const bytes = ids.flatMap((id) => {
      if (id >= STOP) return skipSpecial ? [] : [...utf8.encode(`<${id}>`)];
      return PIECES[id] ? [...PIECES[id]] : [id];
    });
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  },
  prefixToken: STOP,
  stopTokens: new Set([STOP]),
};

const request = (until: readonly string[], maxTokens: number): GenerateRequest => ({
  prompt: [1],
  target: "",
  until,
  maxTokens,
});

/** Takes tokens until the text is finished; null when they did not finish it. */
function write(until: readonly string[], maxTokens: number, tokens: readonly number[]) {
  const generation = new Generation({ request: request(until, maxTokens), seed: 0 }, tokenizer);
  for (const token of tokens) generation.take(token);
  return generation;
}

const bytes = (text: string): number[] => [...utf8.encode(text)];

describe("a generated text", () => {
  it("ends before the first stop string, wherever tokens end", () => {
    expect(write(["\n\n"], 20, [...bytes("x"), 257, 258]).text).toBe("xa");
    expect(write(["END"], 20, bytes("one END two")).text).toBe("one ");
    expect(write(["END"], 20, [...bytes("E"), 256]).text).toBe("E");
    expect(write(["b", "x"], 20, [258]).text).toBe("\n");
    expect(write(["€"], 20, bytes("cost 5€")).text).toBe("cost 5");
    expect(write([""], 3, bytes("abc")).text).toBe("abc");
  });

  it("looks for stop strings in their order, as lm-eval cuts", () => {
    expect(cutAtStops("xabc", ["b", "ab"])).toBe("xa");
    expect(cutAtStops("xabc", ["ab", "b"])).toBe("x");
    expect(write(["bc", "abc"], 20, bytes("xabc")).text).toBe("xa");
  });

  it("ends at a stop token, whose own text also stops, and at the limit", () => {
    expect(write([], 20, [...bytes("hi"), STOP, ...bytes("no")]).text).toBe("hi");
    expect(write([], 20, bytes("hi<300>no")).text).toBe("hi");
    expect(write([], 4, bytes("abcdef")).text).toBe("abcd");
    expect(write(["zz"], 9, bytes("abc")).text).toBeNull();
  });

  it("leaves special tokens out, and keeps a character cut by the limit as the tokenizer writes it", () => {
    expect(write([], 3, [97, SPECIAL, 98]).text).toBe("ab");
    expect(write([], 2, bytes("a€")).text).toBe("a\ufffd");
  });

  it("equals the whole text decoded and cut, whatever the pieces", () => {
    const piece = fc.oneof(
      fc.constantFrom(256, 257, 258, 259, SPECIAL),
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(...bytes("abEND\n€😀")),
    );
    const stop = fc.constantFrom("END", "\n\n", "\n", "a\n\nb", "€", "😀", "Db", "");
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 40 }),
        fc.array(stop, { maxLength: 3 }),
        (tokens, until) => {
          const { text } = write(until, tokens.length, tokens);
          expect(text).toBe(cutAtStops(tokenizer.decode(tokens, true), [...until, "<300>"]));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("stops as soon as the text shows it", () => {
    const generation = write(["END"], 50, bytes("one END two END"));
    expect(generation.tokens.length).toBe(7);
  });

  it("decodes a few tokens a step, not the whole text again", () => {
    decoded = 0;
    const tokens = Array.from({ length: 3000 }, (_, i) => 97 + (i % 20));
    write(["zzz"], 4000, tokens);
    expect(decoded).toBeLessThan(3000 * 6);
  });
});

describe("the seeds of texts", () => {
  it("differ by seed, task, item and repeat alone", () => {
    const asked = { ...request([], 5), repeats: 3, sampling: { temperature: 1, seed: 7 } };
    const seeds = (task: string, item: number, seed = 7) =>
      generationJobs({ ...asked, sampling: { temperature: 1, seed } }, task, item).map((j) => j.seed);
    expect(seeds("a", 0)).toEqual(seeds("a", 0));
    const all = [seeds("a", 0), seeds("a", 1), seeds("b", 0), seeds("a", 0, 8)].flat();
    expect(new Set(all).size).toBe(12);
    expect(generationJobs(request([], 5), "a", 0)).toHaveLength(1);
  });
});
