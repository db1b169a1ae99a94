import { type BlockOps, PlainOps } from "../merge/block-ops";
import { isFused } from "./fused-check";
import { instantiateKernel, type KernelExports } from "./kernel-module";
import { WasmOps } from "./wasm-ops";

/** Block arithmetic of the fastest kind that this engine and processor run; all kinds give equal bits. */
export async function loadKernel(): Promise<BlockOps> {
  const kernel = await startKernel();
  return kernel ? new WasmOps(kernel) : new PlainOps();
}

/** The kernel with relaxed SIMD where its multiply-add is fused, else without; null where there is no SIMD. */
export async function startKernel(): Promise<KernelExports | null> {
  const relaxed = await instantiateKernel("relaxed");
  return relaxed && isFused(relaxed) ? relaxed : instantiateKernel("simd");
}
