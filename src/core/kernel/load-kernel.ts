import { type Hasher, Sha256Stream } from "../checkpoint/sha256-stream";
import { type BlockOps, PlainOps } from "../merge/block-ops";
import { isFused } from "./fused-check";
import { instantiateKernel, type KernelExports } from "./kernel-module";
import { kernelCompress } from "./kernel-sha256";
import { WasmOps } from "./wasm-ops";

/** Block arithmetic of the fastest kind that this engine and processor run; all kinds give equal bits. */
export async function loadKernel(): Promise<BlockOps> {
  const kernel = await startKernel();
  return kernel ? new WasmOps(kernel) : new PlainOps();
}

/** Makes hashers of the fastest kind that this engine runs, for `setHasher`. */
export async function loadHasher(): Promise<() => Hasher> {
  const kernel = await instantiateKernel("simd");
  const compress = kernel ? kernelCompress(kernel) : undefined;
  return () => new Sha256Stream(compress);
}

/** The kernel with relaxed SIMD where its multiply-add is fused, else without; null where there is no SIMD. */
export async function startKernel(): Promise<KernelExports | null> {
  const relaxed = await instantiateKernel("relaxed");
  return relaxed && isFused(relaxed) ? relaxed : instantiateKernel("simd");
}
