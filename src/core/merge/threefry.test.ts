import { describe, expect, it } from "vitest";
import { randomBits, randomWord, rankedBits, textKey, threefry } from "./threefry";

describe("threefry", () => {
  it("gives the published words of Threefry-2x32 with 20 rounds", () => {
    const known = [
      [0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
      [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
    ] as const;
    for (const [k0, k1, c0, c1, a, b] of known) {
      const out = new Uint32Array(2);
      threefry(k0, k1, c0, c1, out);
      expect([...out]).toEqual([a, b]);
    }
  });

  it("draws a word by its index alone", () => {
    const key = textKey("key");
    const whole = new Uint8Array(100);
    randomBits(key, 0, 800, 2 ** 31, whole);
    const parts = new Uint8Array(100);
    for (const [from, count] of [
      [400, 400],
      [0, 8],
      [8, 392],
    ] as const)
      randomBits(key, from, count, 2 ** 31, parts);
    expect(parts).toEqual(whole);
    const ranked = new Uint8Array(100);
    for (let from = 0; from < 800; from += 25)
      rankedBits(key, from, new Uint32Array(25), Uint32Array.of(2 ** 31), ranked);
    expect(ranked).toEqual(whole);
    for (let i = 0; i < 800; i++)
      expect((whole[i >> 3]! >> (i & 7)) & 1).toBe(Number(randomWord(key, i) < 2 ** 31));
    expect(randomWord(key, 2 ** 33)).not.toBe(randomWord(key, 0));
  });

  it("keys differ where texts differ", () => {
    const texts = ["", "a", "b", "ab", "ba", "12345678", "123456789", "\0", "a\0", "ä", "日本"];
    const keys = texts.map((text) => textKey(text).join());
    expect(new Set(keys).size).toBe(texts.length);
    for (const key of texts.map(textKey)) expect(key.every((word) => word >= 0 && word < 2 ** 32)).toBe(true);
  });
});
