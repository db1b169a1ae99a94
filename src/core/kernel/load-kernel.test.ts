import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { enableRelaxedSimd } from "../../engine/node/relaxed-simd";
import { fusedMultiplyAdd, PlainOps } from "../merge/block-ops";
import { FUSED_CASES, isFused } from "./fused-check";
import { instantiateKernel } from "./kernel-module";
import { loadKernel, startKernel } from "./load-kernel";
import { WasmOps } from "./wasm-ops";

beforeAll(enableRelaxedSimd);
afterEach(() => void vi.restoreAllMocks());

it("takes the fastest kernel that the engine has", async () => {
  expect(await loadKernel()).toBeInstanceOf(WasmOps);
  const validate = vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  vi.resetModules();
  const { loadKernel: loadAgain } = await import("./load-kernel");
  const { PlainOps: PlainAgain } = await import("../merge/block-ops");
  expect(await loadAgain()).toBeInstanceOf(PlainAgain);
  expect(validate).toHaveBeenCalledTimes(2);
});

it("knows a multiply-add that rounds twice", async () => {
  const kernel = (await instantiateKernel("simd"))!;
  expect(isFused(kernel)).toBe(true);
  const words = new Uint32Array(kernel.memory.buffer);
  const floats = new Float32Array(kernel.memory.buffer);
  const twice: typeof kernel.weightedSumF32 = (inputs, weights, count, length, out) => {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = 0; k < count; k++)
        sum = Math.fround(
          Math.fround(floats[words[inputs / 4 + k]! / 4 + i]! * floats[weights / 4 + k]!) + sum,
        );
      floats[out / 4 + i] = sum;
    }
  };
  expect(isFused({ ...kernel, weightedSumF32: twice })).toBe(false);
});

it("checks with cases each of which tells", () => {
  const values = new Float32Array(Uint32Array.from(FUSED_CASES.flat()).buffer);
  for (let at = 0; at < values.length; at += 3) {
    const [x, w, z] = values.subarray(at, at + 3);
    expect(Math.fround(Math.fround(x! * w!) + z!)).not.toBe(fusedMultiplyAdd(x!, w!, z!));
  }
});

it("gives instances of their own", async () => {
  const [one, other] = await Promise.all([startKernel(), startKernel()]);
  expect(one!.memory).not.toBe(other!.memory);
  expect(new PlainOps().scratch(3)).toHaveLength(3);
});
