import { expect, it } from "vitest";
import { BytePool } from "../checkpoint/byte-pool";
import { BLOCK, PlainOps } from "../merge/block-ops";
import { loadStagedKernel } from "./load-kernel";

const others = () => new BytePool((size) => new Uint8Array(size), 2 ** 20);

it("lends its slots, then another pool's buffers, and lends again what is given back", async () => {
  const { staging } = await loadStagedKernel(2, 1000, others());
  const [a, b, c] = [1000, 7, 1000].map((size) => staging!.take(size));
  expect([a!.length, b!.length, c!.length]).toEqual([1000, 7, 1000]);
  expect(a!.buffer).toBe(b!.buffer);
  expect(c!.buffer).not.toBe(a!.buffer);
  expect(staging!.take(1001).buffer).not.toBe(a!.buffer);
  staging!.give(b!.subarray(3));
  staging!.give(b!);
  const again = staging!.take(500);
  expect(again.byteOffset).toBe(b!.byteOffset);
  expect(staging!.take(500).buffer).not.toBe(a!.buffer);
});

it("adds up values that lie in its slots as values elsewhere, and leaves the slots alone", async () => {
  const length = BLOCK + 45;
  const { ops, staging } = await loadStagedKernel(3, 2 * length, others());
  const bits = (k: number) => Uint16Array.from({ length }, (_, i) => 0x3e00 + ((i * (k + 3)) % 311));
  const stored = [0, 1, 2].map(() => ({ dtype: "BF16" as const, bytes: staging!.take(2 * length) }));
  for (const [k, { bytes }] of stored.entries()) bytes.set(new Uint8Array(bits(k).buffer));
  const [ours, plain] = [ops, new PlainOps()].map((arithmetic) => {
    const out = { dtype: "BF16" as const, bytes: new Uint8Array(2 * length) };
    for (let i = 0; i < 9; i++) arithmetic.scratch(BLOCK).fill(7);
    arithmetic.weightedSumEncoded(stored, [0.5, 0.3, 0.2], 0, out, 1, "float32");
    arithmetic.reset();
    return out.bytes;
  });
  expect(ours).toEqual(plain);
  for (const [k, { bytes }] of stored.entries()) expect(bytes).toEqual(new Uint8Array(bits(k).buffer));
});
