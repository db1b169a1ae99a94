import { loadKernel } from "../../core/kernel/load-kernel";
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
