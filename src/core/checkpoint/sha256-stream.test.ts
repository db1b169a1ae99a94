import { expect, it } from "vitest";
import { sha256 } from "../canonical";
import { memorySource } from "./byte-source";
import { hashingSource } from "./hashing-source";
import { Sha256Stream } from "./sha256-stream";

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * i + 7 * i) & 255);

it("equals Web Crypto for every length up to 200, in one piece and in several", async () => {
  for (let length = 0; length <= 200; length++) {
    const data = bytes.subarray(length, 2 * length);
    const whole = new Sha256Stream();
    whole.update(data);
    const pieces = new Sha256Stream();
    for (let at = 0; at < length; at += 1 + (length % 70))
      pieces.update(data.subarray(at, at + 1 + (length % 70)));
    const expected = await sha256(data);
    expect(whole.digest()).toBe(expected);
    expect(pieces.digest()).toBe(expected);
  }
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
