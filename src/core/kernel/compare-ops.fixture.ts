import fc from "fast-check";
import { expect } from "vitest";
import { type BlockOps, PlainOps } from "../merge/block-ops";
import { firstDifference, someBits } from "./blocks.fixture";
import type { WasmOps } from "./wasm-ops";

export const plain = new PlainOps();
export const patterns = fc.array(someBits, { minLength: 1, maxLength: 70 });
export const word32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** float32 other than NaN and infinity, small ones and 0 among them. */
export const someWeight = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 1 / 3),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);
/** Which arrays lie in the kernel's memory. */
export const places = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });

/** A property of some arbitrary values, always tried with the same ones. */
export function property<T extends unknown[]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  predicate: (...values: T) => void,
  numRuns = 250,
): void {
  const all = arbitraries as unknown as [fc.Arbitrary<unknown>];
  fc.assert(fc.property(...all, predicate as never), { seed: 4, numRuns });
}

/** Runs an operation on equal arrays in JavaScript and in the kernel, and compares results and arrays afterwards. */
export function compare(
  wasm: WasmOps,
  inputs: readonly Float32Array[],
  inside: readonly boolean[],
  run: (ops: BlockOps, arrays: Float32Array[]) => unknown,
): void {
  wasm.reset();
  const expected = inputs.map((x) => x.slice());
  const got = inputs.map((x, i) => copy(wasm, x, inside[i % inside.length]!));
  const results = [run(plain, expected), run(wasm, got)];
  expect(results[1]).toEqual(results[0]);
  for (const [i, array] of got.entries()) {
    const at = firstDifference(array, expected[i]!);
    if (at >= 0) expect(`array ${i} [${at}] ${array[at]}`).toBe(`array ${i} [${at}] ${expected[i]![at]}`);
  }
}

/** In the kernel's memory or elsewhere, at an address that no vector is aligned to. */
function copy(wasm: WasmOps, values: Float32Array, inside: boolean): Float32Array {
  const room = inside ? wasm.scratch(values.length + 1) : new Float32Array(values.length + 1);
  const own = room.subarray(1);
  own.set(values);
  return own;
}
