const DIGIT = 8;
const DIGITS = 1 << DIGIT;
const starts = memory.data(4 * DIGITS, 16);

/**
 * ranks[i] = place of value i in ascending order of magnitude, equal ones in their order: a radix sort of four passes.
 * `spare` has room for two orders of `length` indices.
 */
export function magnitudeRanks(values: usize, length: i32, ranks: usize, spare: usize): void {
  const size = <usize>length << 2;
  let order = spare;
  let next = spare + size;
  for (let i: i32 = 0; i < length; i++) store<i32>(order + (<usize>i << 2), i);
  for (let shift = 0; shift < 32; shift += DIGIT) {
    memory.fill(starts, 0, 4 * DIGITS);
    for (let at = values; at < values + size; at += 4) {
      const start = starts + (digit(load<u32>(at), shift) << 2);
      store<u32>(start, load<u32>(start) + 1);
    }
    let sum: u32 = 0;
    for (let start = starts; start < starts + 4 * DIGITS; start += 4) {
      const own = load<u32>(start);
      store<u32>(start, sum);
      sum += own;
    }
    for (let at = order; at < order + size; at += 4) {
      const i = load<u32>(at);
      const start = starts + (digit(load<u32>(values + (<usize>i << 2)), shift) << 2);
      const to = load<u32>(start);
      store<u32>(start, to + 1);
      store<u32>(next + (<usize>to << 2), i);
    }
    const old = order;
    order = next;
    next = old;
  }
  for (let rank: i32 = 0; rank < length; rank++) {
    store<i32>(ranks + (<usize>load<u32>(order + (<usize>rank << 2)) << 2), rank);
  }
}

@inline
function digit(word: u32, shift: u32): usize {
  return <usize>(((word & 0x7fffffff) >>> shift) & (DIGITS - 1));
}
