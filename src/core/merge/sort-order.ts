/*
 * Which of equal keys come first in torch's unstable sorts on a CPU: those are C++'s std::sort, std::nth_element and
 * std::partial_sort as libstdc++ builds them (introsort: median of three, Hoare partition, insertion sort below 17, heap sort
 * beyond 2·⌊log₂ n⌋ levels), so the outcome is fixed. Only the parts of the array that a wanted border cuts are ordered.
 */

/** Keys below 2³¹ to be ordered from small to large, with the places that they came from; both are permuted alike. */
export class KeyedPlaces {
  readonly places: Uint32Array;

  constructor(readonly keys: Int32Array) {
    this.places = new Uint32Array(keys.length);
    this.restart();
  }

  /** For new keys in the same array. */
  restart(): void {
    const { places } = this;
    for (let i = 0; i < places.length; i++) places[i] = i;
  }

  swap(a: number, b: number): void {
    swap(this.keys, this.places, a, b);
  }
}

function swap(keys: Int32Array, places: Uint32Array, a: number, b: number): void {
  const key = keys[a]!;
  const place = places[a]!;
  keys[a] = keys[b]!;
  places[a] = places[b]!;
  keys[b] = key;
  places[b] = place;
}

/** Segments up to this length are left to the insertion sort. */
const SHORT = 16;

/** Puts at positions [from, to) the keys that `std::sort` puts there, in any order. */
export function sortedRange(items: KeyedPlaces, from: number, to: number): void {
  const cuts = (lo: number, hi: number) => (lo < from && from < hi) || (lo < to && to < hi);
  const order = (lo: number, end: number, levels: number): void => {
    let hi = end;
    let left = levels;
    while (cuts(lo, hi)) {
      if (hi - lo <= SHORT || left-- === 0) {
        if (hi - lo <= SHORT) insertionSort(items, lo, hi);
        else heapSort(items, lo, hi);
        return;
      }
      const cut = partition(items, lo, hi);
      order(cut, hi, left);
      hi = cut;
    }
  };
  order(0, items.keys.length, levelLimit(items.keys.length));
}

/** Puts at positions [0, count) the keys that torch.topk's selection of `count` puts there, in any order. */
export function selectFirst(items: KeyedPlaces, count: number): void {
  const { length } = items.keys;
  if (count <= 0 || count >= length) return;
  if (count * 64 <= length) heapSelect(items, 0, count, length);
  else nthElement(items, count - 1);
}

function nthElement(items: KeyedPlaces, nth: number): void {
  let [lo, hi] = [0, items.keys.length];
  for (let left = levelLimit(hi); hi - lo > 3; left--) {
    if (left === 0) {
      heapSelect(items, lo, nth + 1, hi);
      items.swap(lo, nth);
      return;
    }
    const cut = partition(items, lo, hi);
    if (cut <= nth) lo = cut;
    else hi = cut;
  }
  insertionSort(items, lo, hi);
}

const levelLimit = (length: number): number => 2 * (31 - Math.clz32(length));

/** Keys that are looked at before any of them is swapped. */
const STRIP = 128;
const lefts = new Uint32Array(STRIP);
const rights = new Uint32Array(STRIP);

/**
 * Hoare's partition around the median of the second, middle and last key, which goes first; returns the cut. Strips of keys
 * from both ends are looked at without branches, then swapped: the same swaps in the same order, in a third of the time.
 */
function partition(items: KeyedPlaces, lo: number, hi: number): number {
  const { keys, places } = items;
  items.swap(lo, median(keys, lo + 1, lo + ((hi - lo) >>> 1), hi - 1));
  const pivot = keys[lo]!;
  let [fromLeft, fromRight] = [lo + 1, hi];
  let [left, leftEnd, right, rightEnd] = [0, 0, 0, 0];
  while (fromRight - fromLeft > 2 * STRIP) {
    if (left === leftEnd) {
      left = 0;
      leftEnd = 0;
      for (let i = fromLeft; i < fromLeft + STRIP; i++) {
        lefts[leftEnd] = i;
        leftEnd += 1 + ((keys[i]! - pivot) >> 31);
      }
      fromLeft += STRIP;
    }
    if (right === rightEnd) {
      right = 0;
      rightEnd = 0;
      for (let i = fromRight - 1; i >= fromRight - STRIP; i--) {
        rights[rightEnd] = i;
        rightEnd += 1 + ((pivot - keys[i]!) >> 31);
      }
      fromRight -= STRIP;
    }
    for (; left < leftEnd && right < rightEnd; left++, right++)
      swap(keys, places, lefts[left]!, rights[right]!);
  }
  let a = left < leftEnd ? lefts[left]! : fromLeft;
  let b = right < rightEnd ? rights[right]! + 1 : fromRight;
  for (; ; a++) {
    while (keys[a]! < pivot) a++;
    b--;
    while (pivot < keys[b]!) b--;
    if (a >= b) return a;
    swap(keys, places, a, b);
  }
}

/** Of three positions the one with the middle key; which of equal ones is part of the order. */
function median(keys: Int32Array, a: number, b: number, c: number): number {
  if (keys[a]! < keys[b]!) {
    if (keys[b]! < keys[c]!) return b;
    return keys[a]! < keys[c]! ? c : a;
  }
  if (keys[a]! < keys[c]!) return a;
  return keys[b]! < keys[c]! ? c : b;
}

function insertionSort({ keys, places }: KeyedPlaces, lo: number, hi: number): void {
  for (let i = lo + 1; i < hi; i++) {
    const [key, place] = [keys[i]!, places[i]!];
    let at = i;
    for (; at > lo && key < keys[at - 1]!; at--) {
      keys[at] = keys[at - 1]!;
      places[at] = places[at - 1]!;
    }
    keys[at] = key;
    places[at] = place;
  }
}

function heapSort(items: KeyedPlaces, lo: number, hi: number): void {
  makeHeap(items, lo, hi);
  for (let end = hi - 1; end > lo; end--) popHeap(items, lo, end, end);
}

/** Leaves the smallest middle − lo keys of [lo, hi) in [lo, middle), as a heap. */
function heapSelect(items: KeyedPlaces, lo: number, middle: number, hi: number): void {
  makeHeap(items, lo, middle);
  for (let i = middle; i < hi; i++) if (items.keys[i]! < items.keys[lo]!) popHeap(items, lo, middle, i);
}

function makeHeap(items: KeyedPlaces, lo: number, hi: number): void {
  for (let parent = (hi - lo - 2) >> 1; parent >= 0; parent--)
    sink(items, lo, parent, hi - lo, items.keys[lo + parent]!, items.places[lo + parent]!);
}

/** The largest key of the heap [lo, end) goes to `to`, whose key enters the heap. */
function popHeap(items: KeyedPlaces, lo: number, end: number, to: number): void {
  const { keys, places } = items;
  const [key, place] = [keys[to]!, places[to]!];
  keys[to] = keys[lo]!;
  places[to] = places[lo]!;
  sink(items, lo, 0, end - lo, key, place);
}

/** Moves a hole down to a leaf along the larger children, then a key from there up to where it belongs. */
function sink(
  { keys, places }: KeyedPlaces,
  lo: number,
  top: number,
  length: number,
  key: number,
  place: number,
): void {
  let hole = top;
  const fill = (from: number) => {
    keys[lo + hole] = keys[lo + from]!;
    places[lo + hole] = places[lo + from]!;
    hole = from;
  };
  while (2 * hole + 2 < length) {
    const right = 2 * hole + 2;
    fill(keys[lo + right]! < keys[lo + right - 1]! ? right - 1 : right);
  }
  if (2 * hole + 2 === length) fill(2 * hole + 1);
  while (hole > top) {
    const parent = (hole - 1) >> 1;
    if (keys[lo + parent]! >= key) break;
    fill(parent);
  }
  keys[lo + hole] = key;
  places[lo + hole] = place;
}
