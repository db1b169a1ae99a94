import { KeyedPlaces, selectFirst } from "../sort-order";
import { bandsOf } from "../task-vectors/magnitude-threshold";
import type { MagnitudeSource } from "../task-vectors/order-statistics";
import { NONE, type Selection } from "../task-vectors/selection";
import { bitsOfPlaces, readKeys } from "../task-vectors/sorted-selections";
import type { TaskVectors } from "../task-vectors/task-vectors";
import { blocksOf } from "./spans";

/** Bits of the counters that tell how many variances are 0. */
const LOW = 17;

/**
 * The share of those entries whose variance over the updates is not 0, largest variance first; of equal ones the first in the
 * tensor, or as mergekit's selection happens to choose. `rows` are blocks for all updates.
 */
export function selectVarying(vectors: TaskVectors, rows: readonly Float32Array[], share: number): Selection {
  const { ops, task } = vectors;
  const { length, precision } = task;
  const size = rows[0]!.length;
  const out = ops.scratch(size);
  const each: MagnitudeSource["each"] = (use, _, step = 1) => {
    for (const { from, length: count } of blocksOf({ from: 0, length }, size)) {
      if ((from / size) % step !== 0) continue;
      const base = vectors.base.subarray(0, count);
      ops.decode(task.base!, from, base, precision);
      const blocks = rows.map((row) => row.subarray(0, count));
      for (const [k, block] of blocks.entries()) vectors.read(k, from, base, block);
      const variance = out.subarray(0, count);
      ops.variance(blocks, variance, precision);
      use(0, from, variance);
    }
  };
  const counts = ops.counters(2 ** LOW);
  each((_, __, variance) => ops.countMagnitudes(variance, 0, 0, counts));
  // torch multiplies the count with the share in float32.
  const top = Math.trunc(Math.fround(Math.fround(length - counts[0]!) * Math.fround(share)));
  if (top === 0) return NONE;
  if (!task.mergekit) {
    const source = { ops, length, each };
    const band = bandsOf(source, [{ order: "descending", top }])[0]!;
    const seen = new Uint32Array(2);
    const bits = new Uint8Array(Math.ceil(length / 8));
    // The band is one of variances, so that it cannot sift the updates themselves.
    each((_, from, variance) => {
      ops.keepBand(variance, band, seen);
      for (let i = 0; i < variance.length; i++)
        if (variance[i] !== 0) bits[(from + i) >>> 3]! |= 1 << ((from + i) & 7);
    });
    return { kind: "bits", bits };
  }
  const keys = new Int32Array(length);
  each((_, from, variance) => readKeys(variance, true, keys.subarray(from)));
  const items = new KeyedPlaces(keys);
  selectFirst(items, top);
  return { kind: "bits", bits: bitsOfPlaces(items, 0, top) };
}
