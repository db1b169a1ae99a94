import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { nodeHasher } from "../../engine/node/node-hasher";
import { sha256 } from "../canonical";
import { loadHasher } from "../kernel/load-kernel";
import { memorySource } from "./byte-source";
import { setHasher } from "./hasher";
import { hashingSource } from "./hashing-source";
import { type Hasher, Sha256Stream } from "./sha256-stream";

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * i + 7 * i) & 255);

afterEach(() => setHasher(() => new Sha256Stream()));

let kernelHasher: () => Hasher;
beforeAll(async () => {
  kernelHasher = await loadHasher();
});

describe.each([
  ["in JavaScript", () => new Sha256Stream()],
  ["in the kernel", () => kernelHasher()],
  ["by Node", nodeHasher],
] as const)("SHA-256 %s", (_, create) => {
  it("equals Web Crypto for every length up to 200, in one piece and in several", async () => {
    for (let length = 0; length <= 200; length++) {
      const data = bytes.subarray(length, 2 * length);
      const whole = create();
      whole.update(data);
      const pieces = create();
      for (let at = 0; at < length; at += 1 + (length % 70))
        pieces.update(data.subarray(at, at + 1 + (length % 70)));
      const expected = await sha256(data);
      expect(whole.digest()).toBe(expected);
      expect(pieces.digest()).toBe(expected);
    }
  });

  it("equals Web Crypto for a megabyte, and lets streams be fed in turn", async () => {
    const large = Uint8Array.from({ length: 2 ** 20 + 77 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
    const streams = [create(), create()];
    for (let at = 0; at < large.length; at += 300_001)
      for (const stream of streams) stream.update(large.subarray(at, at + 300_001));
    const expected = await sha256(large);
    expect(streams.map((stream) => stream.digest())).toEqual([expected, expected]);
  });
});

it("hashes files with the hasher that was set", async () => {
  const fed: number[] = [];
  setHasher(() => ({ update: (part) => void fed.push(part.length), digest: () => "sum" }));
  expect(await hashingSource(memorySource("f", bytes)).digest()).toEqual({ ok: true, value: "sum" });
  expect(fed).toEqual([5000]);
});

it("hashes a file while it is read, in order or not", async () => {
  const expected = await sha256(bytes);
  const orders = [
    [
      [0, 8],
      [8, 100],
      [100, 5000],
    ],
    [
      [100, 200],
      [0, 8],
    ],
    [
      [0, 300],
      [200, 400],
      [1000, 5000],
    ],
    [],
  ];
  for (const ranges of orders) {
    let read = 0;
    const memory = memorySource("f", bytes);
    const counted = (start: number, end: number) => {
      read += end - start;
      return memory.read(start, end);
    };
    const source = hashingSource({ ...memory, read: counted });
    for (const [start, end] of ranges) await source.read(start!, end!);
    const before = read;
    for (let twice = 0; twice < 2; twice++)
      expect(await source.digest()).toEqual({ ok: true, value: expected });
    if (ranges === orders[0]) expect(read).toBe(before);
  }
});
