import type { BlockOps } from "../block-ops";
import { BLOCK } from "../stored-values";

/** Tensors of one length that are read block by block, as often as needed. */
export interface MagnitudeSource {
  readonly ops: BlockOps;
  readonly length: number;
  /** Every `step`-th block of each of the tensors, or of those at some indices. */
  each(
    use: (tensor: number, from: number, block: Float32Array) => void,
    which?: readonly number[],
    step?: number,
  ): void;
}

/** A magnitude, as 31 bits, and how many magnitudes of its tensor are below it and equal to it. */
export interface Placed {
  readonly magnitude: number;
  readonly below: number;
  readonly equal: number;
}

/** Bits of the two steps of the radix selection, from the top: the first one's counters stay in a core's cache. */
const HIGH = 14;
const LOW = 17;
/** Blocks of a tensor that a guess is made from. */
const SAMPLED = 8;
/** Standard deviations of a guessed place that are allowed for. */
const SURE = 4;
/** Part of a tensor that may be collected. */
const MOST = 1 / 4;

/**
 * The magnitudes at some places, in ascending order, of each tensor. Some blocks tell about where a magnitude lies; one pass
 * collects those around there and counts the rest. Where that misses, two more passes count by digits.
 */
export function magnitudesAt(
  source: MagnitudeSource,
  places: readonly (readonly number[])[],
): readonly (readonly Placed[])[] {
  const which = places.flatMap((own, k) => (own.length > 0 ? [k] : []));
  if (which.length === 0) return places.map(() => []);
  const nets = guessNets(source, places, which);
  source.each((k, _, block) => {
    for (const net of nets[k]!) source.ops.collectBetween(block, net.low, net.high, net.caught, net.counts);
  }, which);
  const found = places.map((own, k) => own.map((place, i) => inNet(nets[k]![i]!, place)));
  const missed = places.map((own, k) => own.filter((_, i) => !found[k]![i]));
  const counted = countDigits(source, missed);
  return found.map((own, k) => {
    const rest = [...counted[k]!];
    return own.map((placed) => placed ?? rest.shift()!);
  });
}

/** A range of magnitudes that should hold a wanted one, and what was met: see `BlockOps.collectBetween`. */
interface Net {
  readonly low: number;
  readonly high: number;
  readonly caught: Uint32Array;
  readonly counts: Uint32Array;
}

function guessNets(
  source: MagnitudeSource,
  places: readonly (readonly number[])[],
  which: readonly number[],
): readonly (readonly Net[])[] {
  const { ops, length } = source;
  const step = Math.max(1, Math.floor(length / BLOCK / SAMPLED));
  const tables = places.map((own) => (own.length > 0 ? ops.counters(2 ** HIGH) : null));
  source.each((k, _, block) => ops.countMagnitudes(block, LOW, 0, tables[k]!), which, step);
  return places.map((own, k) => own.map((place) => netAround(place / length, tables[k]!, length, step)));
}

/** Around the quantile q by the counted fields of a part of the tensor, or of all of it where `step` is 1. */
function netAround(q: number, counts: Uint32Array, length: number, step: number): Net {
  const sampled = counts.reduce((a, b) => a + b, 0);
  const spread = step === 1 ? 0 : 1 + SURE * Math.sqrt(q * (1 - q) * sampled);
  const rank = q * sampled;
  const first = fieldAt(counts, Math.max(0, rank - spread));
  const last = fieldAt(counts, Math.min(sampled - 1, rank + spread));
  let share = 0;
  for (let field = first.magnitude; field <= last.magnitude; field++) share += counts[field]! / sampled;
  const room = Math.ceil(length * Math.min(MOST, step === 1 ? share : 1.5 * share)) + 64;
  return {
    low: first.magnitude * 2 ** LOW,
    high: (last.magnitude + 1) * 2 ** LOW - 1,
    caught: new Uint32Array(room),
    counts: new Uint32Array(4),
  };
}

/** Null where the net holds too much, or not this place. */
function inNet({ low, high, caught, counts }: Net, place: number): Placed | null {
  const [below, lowest, highest, between] = counts as unknown as [number, number, number, number];
  if (between > caught.length || place < below) return null;
  if (place < below + lowest) return { magnitude: low, below, equal: lowest };
  if (place >= below + lowest + between) {
    const under = below + lowest + between;
    return place < under + highest ? { magnitude: high, below: under, equal: highest } : null;
  }
  return selectFrom(caught.subarray(0, between), low, high, place, below + lowest);
}

/** Fields of this many bits decide at last. */
const FINE = 9;

/** The magnitude at `place` where `before` are below all of `values`, which lie from `low` to `high`. */
function selectFrom(values: Uint32Array, low: number, high: number, place: number, before: number): Placed {
  const coarse = new Uint32Array(((high - low) >>> FINE) + 1);
  for (const value of values) coarse[(value - low) >>> FINE]!++;
  const field = fieldAt(coarse, place, before);
  const fine = new Uint32Array(2 ** FINE);
  for (const value of values)
    if ((value - low) >>> FINE === field.magnitude) fine[(value - low) & (2 ** FINE - 1)]!++;
  const last = fieldAt(fine, place, field.below);
  return { ...last, magnitude: low + field.magnitude * 2 ** FINE + last.magnitude };
}

/** Radix selection over the whole tensors. */
function countDigits(
  source: MagnitudeSource,
  places: readonly (readonly number[])[],
): readonly (readonly Placed[])[] {
  const { ops } = source;
  const which = places.flatMap((own, k) => (own.length > 0 ? [k] : []));
  if (which.length === 0) return places.map(() => []);
  const tables = places.map((own) => (own.length > 0 ? ops.counters(2 ** HIGH) : null));
  source.each((k, _, block) => ops.countMagnitudes(block, LOW, 0, tables[k]!), which);
  const fields = places.map((own, k) => own.map((place) => fieldAt(tables[k]!, place)));
  const digits = fields.map((own) => own.map(() => ops.counters(2 ** LOW)));
  source.each((k, _, block) => {
    for (const [i, { magnitude }] of fields[k]!.entries())
      ops.countMagnitudes(block, 0, magnitude, digits[k]![i]!);
  }, which);
  return places.map((own, k) =>
    own.map((place, i) => {
      const { magnitude, below } = fields[k]![i]!;
      const rest = fieldAt(digits[k]![i]!, place, below);
      return { ...rest, magnitude: magnitude * 2 ** LOW + rest.magnitude };
    }),
  );
}

/** The field at a place, by the counts of fields, where `before` values stand below all of them. */
function fieldAt(counts: Uint32Array, place: number, before = 0): Placed {
  let below = before;
  let field = 0;
  while (below + counts[field]! <= place) below += counts[field++]!;
  return { magnitude: field, below, equal: counts[field]! };
}
