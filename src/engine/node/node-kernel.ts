import { type BlockOps, PlainOps } from "../../core/merge/block-ops";

let loaded: Promise<BlockOps> | null = null;

/** Block arithmetic for Node. */
export function nodeKernel(): Promise<BlockOps> {
  loaded ??= Promise.resolve(new PlainOps());
  return loaded;
}
