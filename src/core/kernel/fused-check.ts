import { fusedMultiplyAdd } from "../merge/block-ops";
import { GROUP, KernelMemory } from "./kernel-memory";
import type { KernelExports } from "./kernel-module";

/**
 * Triples x, w, z, as float32 bits, where x·w + z rounded once differs from rounding the product first: a half of the last
 * place that only the product's end decides, on either side of 0; cancellation; a product below the normal range.
 */
export const FUSED_CASES = [
  [0x3f800001, 0x3f7fffff, 0x4b800000],
  [0xbf800001, 0x3f7fffff, 0xcb800000],
  [0x40490fdb, 0x402df854, 0xc108a2c0],
  [0x1a400000, 0x1a800000, 0x00000001],
] as const;

/** Whether the kernel's multiply-add rounds once: with relaxed SIMD the processor decides. */
export function isFused(kernel: KernelExports): boolean {
  const memory = new KernelMemory(kernel);
  const bits = Uint32Array.from(FUSED_CASES.flat());
  const values = new Float32Array(bits.buffer);
  const [one, other, out] = [0, 1, 2].map((i) => memory.floats(memory.stage + 4 * GROUP * i, GROUP));
  memory.addresses.set([one!.byteOffset, other!.byteOffset]);
  for (let at = 0; at < values.length; at += 3) {
    const [x, w, z] = values.subarray(at, at + 3);
    one!.fill(z!);
    other!.fill(x!);
    memory.weights.set([1, w!]);
    kernel.weightedSumF32(
      memory.addresses.byteOffset,
      memory.weights.byteOffset,
      2,
      GROUP,
      out!.byteOffset,
      1,
    );
    const exact = fusedMultiplyAdd(x!, w!, z!);
    if (!out!.every((value) => Object.is(value, exact))) return false;
  }
  return true;
}
