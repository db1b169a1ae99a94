import type { Result } from "../../result";
import type { BlockOps } from "../block-ops";
import type { MagnitudeBand } from "../magnitude-blocks";
import { BandSieve } from "./band-sieve";
import type { TaskVectors } from "./task-vectors";

/** The entries of one update that are kept. */
export type Selection =
  | { readonly kind: "all" }
  /** Exact zeros, whatever was there. */
  | { readonly kind: "none" }
  | { readonly kind: "band"; readonly band: MagnitudeBand }
  /** Bit i mod 8 of byte ⌊i/8⌋ stands for element i. */
  | { readonly kind: "bits"; readonly bits: Uint8Array };

export const ALL: Selection = { kind: "all" };
export const NONE: Selection = { kind: "none" };

/** Chooses for each component of a task what is kept of its update. */
export type Selector = (vectors: TaskVectors) => Result<readonly Selection[]>;

/** Applies a selection to the blocks of an update, in their order. */
export class Sieve {
  private readonly band: BandSieve | null;

  constructor(
    private readonly selection: Selection,
    private readonly ops: BlockOps,
  ) {
    this.band = selection.kind === "band" ? new BandSieve(selection.band, ops) : null;
  }

  apply(block: Float32Array, from: number): void {
    const { selection, ops } = this;
    if (this.band) this.band.apply(block);
    else if (selection.kind === "none") block.fill(0);
    else if (selection.kind === "bits") ops.keepBits(block, selection.bits, from);
  }
}
