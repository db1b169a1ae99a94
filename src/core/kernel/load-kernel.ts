import type { BufferPool } from "../checkpoint/byte-pool";
import { type Hasher, Sha256Stream } from "../checkpoint/sha256-stream";
import { type BlockOps, PlainOps } from "../merge/block-ops";
import { isFused } from "./fused-check";
import { instantiateKernel, type KernelExports } from "./kernel-module";
import { kernelCompress } from "./kernel-sha256";
import { KernelStaging, slotBytes } from "./kernel-staging";
import { WasmOps } from "./wasm-ops";

/** Block arithmetic of the fastest kind that this engine and processor run; all kinds give equal bits. */
export async function loadKernel(): Promise<BlockOps> {
  const kernel = await startKernel();
  return kernel ? new WasmOps(kernel) : new PlainOps();
}

/** Arithmetic with places in its own memory that values can be read into, so that they need not be copied there. */
export interface StagedKernel {
  readonly ops: BlockOps;
  /** Null where there is no WebAssembly. */
  readonly staging: BufferPool | null;
}

/** The same with `slots` places of `bytes` bytes; what does not fit is lent by `otherwise`. */
export async function loadStagedKernel(
  slots: number,
  bytes: number,
  otherwise: BufferPool,
): Promise<StagedKernel> {
  const kernel = await startKernel();
  if (!kernel) return { ops: new PlainOps(), staging: null };
  const start = kernel.memory.buffer.byteLength;
  const ops = new WasmOps(kernel, slots * slotBytes(bytes));
  return { ops, staging: new KernelStaging(kernel.memory.buffer, start, slots, bytes, otherwise) };
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
