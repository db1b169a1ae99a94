import { setFlagsFromString } from "node:v8";
import { loadKernel } from "../../core/kernel/load-kernel";
import type { BlockOps } from "../../core/merge/block-ops";

let loaded: Promise<BlockOps> | null = null;

/** Block arithmetic for Node, with relaxed SIMD, which Node 20 has behind a flag. */
export function nodeKernel(): Promise<BlockOps> {
  if (!loaded) {
    setFlagsFromString("--experimental-wasm-relaxed-simd");
    loaded = loadKernel();
  }
  return loaded;
}
