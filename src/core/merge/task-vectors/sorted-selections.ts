import { KeyedPlaces, sortedRange } from "../sort-order";
import type { Places } from "./magnitude-threshold";
import { ALL, type Selection } from "./selection";
import type { TaskVectors } from "./task-vectors";

/** All NaN are equal in torch's sort, and above infinity. */
const NAN = 0x7f800001;

/**
 * The wanted places as mergekit's sort gives them, which differs from a stable one among equal magnitudes. Takes eight bytes
 * for each entry of one update at a time. `ALL` where nothing is wanted of a component.
 */
export function sortedSelections(vectors: TaskVectors, wanted: readonly (Places | null)[]): Selection[] {
  if (!wanted.some((places) => places)) return wanted.map(() => ALL);
  const keys = new Int32Array(vectors.task.length);
  const items = new KeyedPlaces(keys);
  return wanted.map((places, k) => {
    if (!places) return ALL;
    const descending = places.order === "descending";
    vectors.each((_, from, delta) => readKeys(delta, descending, keys.subarray(from)), [k]);
    items.restart();
    const [from, to] = descending ? [0, places.top] : [places.from, places.to];
    sortedRange(items, from, to);
    return { kind: "bits", bits: bitsOfPlaces(items, from, to) };
  });
}

/** A bitset of the places at positions [from, to). */
export function bitsOfPlaces({ places }: KeyedPlaces, from: number, to: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(places.length / 8));
  for (let i = from; i < to; i++) bits[places[i]! >>> 3]! |= 1 << (places[i]! & 7);
  return bits;
}

/** Sort keys of magnitudes; the other way round where the largest is to come first. */
export function readKeys(values: Float32Array, descending: boolean, keys: Int32Array): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) {
    const magnitude = Math.min(words[i]! & 0x7fffffff, NAN);
    keys[i] = descending ? NAN - magnitude : magnitude;
  }
}
