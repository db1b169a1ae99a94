import { describe, expect, it } from "vitest";
import { sharedHead, sharedPrefix } from "./shared-prefix";

const shots = Array.from({ length: 60 }, (_, i) => i % 7);
const items = (n: number, prefix: readonly number[]) =>
  Array.from({ length: n }, (_, i) => [...prefix, 100 + i, 200 + i]);

describe("the prefix that items share", () => {
  it("is what most of them begin with", () => {
    const found = sharedPrefix(items(100, shots))!;
    expect(found.tokens).toEqual(shots);
    expect(found.shared.every(Boolean)).toBe(true);
  });

  it("leaves out items that begin otherwise, and is not shortened by them", () => {
    const heads = [...items(5, [9, ...shots]), ...items(100, shots), [0, 1], []];
    const found = sharedPrefix(heads)!;
    expect(found.tokens).toEqual(shots);
    expect(found.shared.filter(Boolean)).toHaveLength(100);
    expect(found.shared.slice(0, 5)).not.toContain(true);
  });

  it("is none where it would not pay", () => {
    expect(sharedPrefix([])).toBeNull();
    expect(sharedPrefix(items(1, shots))).toBeNull();
    expect(sharedPrefix(items(1000, shots.slice(0, 5)))).toBeNull();
    expect(sharedPrefix(items(20, shots))).toBeNull();
  });

  it("ends before what an item scores and before its choices part", () => {
    const choice = (ending: number[]) => ({ tokens: [1, 2, 3, 4, ...ending], from: 4 });
    expect(sharedHead([choice([5, 6]), choice([7])])).toEqual([1, 2, 3]);
    expect(sharedHead([choice([5]), { tokens: [1, 2, 9, 9, 9], from: 4 }])).toEqual([1, 2]);
    expect(sharedHead([{ tokens: [1, 2, 3], from: 1 }])).toEqual([]);
    expect(sharedHead([])).toEqual([]);
  });
});
