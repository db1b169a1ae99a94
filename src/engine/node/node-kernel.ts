import type { BufferPool } from "../../core/checkpoint/byte-pool";
import { loadKernel, loadStagedKernel, type StagedKernel } from "../../core/kernel/load-kernel";
import type { BlockOps } from "../../core/merge/block-ops";
import { enableRelaxedSimd } from "./relaxed-simd";

let loaded: Promise<BlockOps> | null = null;

/** Block arithmetic for Node, with relaxed SIMD. */
export function nodeKernel(): Promise<BlockOps> {
  if (!loaded) {
    enableRelaxedSimd();
    loaded = loadKernel();
  }
  return loaded;
}

/** Block arithmetic with places for what is read, see `loadStagedKernel`. */
export function stagedKernel(slots: number, bytes: number, otherwise: BufferPool): Promise<StagedKernel> {
  enableRelaxedSimd();
  return loadStagedKernel(slots, bytes, otherwise);
}
