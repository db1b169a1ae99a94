import type { BlockOps } from "../block-ops";
import type { MagnitudeBand } from "../magnitude-blocks";

const UNLIMITED = 2 ** 32 - 1;
const LARGEST = 2 ** 31 - 1;
const NOWHERE = new Uint32Array(0);

/**
 * Applies a band to the blocks of a tensor, in their order. Where all values of a block that equal a bound are kept, or none is,
 * the bound is moved past them: their places need not be looked at then, which is several times as fast where many are equal.
 */
export class BandSieve {
  private readonly seen = new Uint32Array(2);
  private readonly unused = new Uint32Array(2);
  private readonly counts = new Uint32Array(4);

  constructor(
    private readonly band: MagnitudeBand,
    private readonly ops: BlockOps,
  ) {}

  apply(block: Float32Array): void {
    const { band, ops, seen } = this;
    const lowest = this.equal(block, band.low);
    const highest = band.high < LARGEST && band.high > band.low ? this.equal(block, band.high) : 0;
    const simple = simpleBand(band, seen, lowest, highest);
    if (!simple) {
      ops.keepBand(block, band, seen);
      return;
    }
    seen[0]! += lowest;
    seen[1]! += highest;
    ops.keepBand(block, simple, this.unused);
  }

  /** How many magnitudes equal a bound. */
  private equal(block: Float32Array, bound: number): number {
    this.counts.fill(0);
    this.ops.collectBetween(block, bound, bound, NOWHERE, this.counts);
    return this.counts[1]!;
  }
}

/** The same band for the next values, of which some equal its bounds, with bounds that hardly any equal; null if there is none. */
function simpleBand(
  band: MagnitudeBand,
  seen: Uint32Array,
  lows: number,
  highs: number,
): MagnitudeBand | null {
  const { low, high } = band;
  const lowest = fate(seen[0]!, lows, band.lowFrom, band.lowTo);
  if (lowest === "mixed") return null;
  if (low === high) return lowest === "kept" ? { ...above(low - 1), ...below(low + 1) } : NOTHING;
  const lower = lowest === "kept" ? above(low - 1) : from(low + 1);
  if (high === LARGEST) return { ...lower, ...to(LARGEST) };
  const highest = fate(seen[1]!, highs, band.highFrom, band.highTo);
  if (highest === "mixed" || high - low < 3) return null;
  return { ...lower, ...(highest === "kept" ? below(high + 1) : to(high - 1)) };
}

const above = (low: number) => ({ low, lowFrom: 0, lowTo: 0 });
const from = (low: number) => ({ low, lowFrom: 0, lowTo: UNLIMITED });
const below = (high: number) => ({ high, highFrom: 0, highTo: 0 });
const to = (high: number) => ({ high, highFrom: 0, highTo: UNLIMITED });
const NOTHING: MagnitudeBand = { ...above(LARGEST), ...below(LARGEST) };

function fate(seen: number, count: number, first: number, end: number): "kept" | "dropped" | "mixed" {
  if (seen >= first && seen + count <= end) return "kept";
  return count === 0 || seen + count <= first || seen >= end ? "dropped" : "mixed";
}
