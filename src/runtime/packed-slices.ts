import {
  type BatchFeeds,
  batchFeeds,
  type PackedBatch,
  type PackLimits,
  type PackUnit,
  packBatches,
} from "../core/scoring/pack";
import type { PlannedItem, ScorePlan } from "./score-plan";

/** A batch with what the graph is fed; `prefix` stands before every row. */
export interface PreparedBatch {
  readonly prefix: readonly number[] | undefined;
  readonly batch: PackedBatch<PlannedItem>;
  readonly feeds: BatchFeeds;
}

export type SliceBatches = readonly PreparedBatch[];

/** Bytes of feeds that are kept from one measurement to the next. */
const KEPT_BYTES = 64 * 2 ** 20;

const kept = new WeakMap<ScorePlan, PackedSlices>();

/** The packed batches of a plan; whole slices are packed once and used by every measurement. */
export function packedSlices(plan: ScorePlan, limits: PackLimits): PackedSlices {
  const known = kept.get(plan);
  if (known && known.limits.tokens === limits.tokens && known.limits.targets === limits.targets) return known;
  const fresh = new PackedSlices(plan, limits);
  kept.set(plan, fresh);
  return fresh;
}

export class PackedSlices {
  private readonly slices = new Map<number, SliceBatches>();
  private bytes = 0;

  constructor(
    private readonly plan: ScorePlan,
    readonly limits: PackLimits,
    private readonly keptBytes = KEPT_BYTES,
  ) {}

  /** Batches of `items`, which belong to the slice of that number: all of them, or those not scored yet. */
  of(slice: number, items: readonly PlannedItem[]): SliceBatches {
    const known = this.slices.get(slice);
    const whole = items.length === this.plan.slices[slice]?.length;
    if (known && whole) return known;
    const batches = prepareBatches(items, this.limits);
    const size = batches.reduce((n, { feeds }) => n + bytesOf(feeds), 0);
    if (whole && this.bytes + size <= this.keptBytes) {
      this.slices.set(slice, batches);
      this.bytes += size;
    }
    return batches;
  }
}

const bytesOf = (feeds: BatchFeeds): number =>
  Object.values(feeds as unknown as Record<string, ArrayBufferView>).reduce((n, a) => n + a.byteLength, 0);

/** Items that share a prefix are packed together. */
export function prepareBatches(items: readonly PlannedItem[], limits: PackLimits): SliceBatches {
  const groups = new Map<readonly number[] | undefined, PackUnit<PlannedItem>[]>();
  for (const item of items) {
    const prefix = item.behind?.prefix;
    const units = groups.get(prefix) ?? [];
    groups.set(prefix, units);
    for (const tree of item.behind?.trees ?? item.trees) units.push({ owner: item, tree });
  }
  return [...groups].flatMap(([prefix, units]) =>
    packBatches(units, limits).map((batch) => ({
      prefix,
      batch,
      feeds: batchFeeds(batch, prefix ? prefix.length + 1 : 0),
    })),
  );
}
