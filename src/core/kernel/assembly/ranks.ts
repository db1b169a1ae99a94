const BITS: u32 = 8;
const BUCKETS: usize = 1 << 8;
const PASSES: u32 = 4;
/** Of each pass, where the next value of a bucket goes. */
const starts = memory.data(4 * 4 * 256, 16);

/**
 * ranks[i] = place of value i in ascending order of magnitude, equal ones in their order: a radix sort from the lowest digit.
 * `spare` has room for two orders of `length` pairs of magnitude and index.
 */
export function magnitudeRanks(values: usize, length: i32, ranks: usize, spare: usize): void {
  countDigits(values, length);
  let from = spare;
  let to = spare + (<usize>length << 3);
  for (let i: i32 = 0; i < length; i++) {
    const magnitude = load<u32>(values + (<usize>i << 2)) & 0x7fffffff;
    store<u64>(to + (<usize>place(magnitude, 0) << 3), pair(magnitude, i));
  }
  for (let pass: u32 = 1; pass < PASSES - 1; pass++) {
    const sorted = to;
    to = from;
    from = sorted;
    for (let at = from, end = from + (<usize>length << 3); at < end; at += 8) {
      store<u64>(to + (<usize>place(load<u32>(at), pass) << 3), load<u64>(at));
    }
  }
  for (let at = to, end = to + (<usize>length << 3); at < end; at += 8) {
    store<u32>(ranks + (<usize>load<u32>(at, 4) << 2), place(load<u32>(at), PASSES - 1));
  }
}

/** Sets the start of every bucket of every pass. */
function countDigits(values: usize, length: i32): void {
  memory.fill(starts, 0, 4 * PASSES * BUCKETS);
  for (let at = values, end = values + (<usize>length << 2); at < end; at += 4) {
    const magnitude = load<u32>(at) & 0x7fffffff;
    for (let pass: u32 = 0; pass < PASSES; pass++) place(magnitude, pass);
  }
  for (let table = starts; table < starts + 4 * PASSES * BUCKETS; table += 4 * BUCKETS) {
    let sum: u32 = 0;
    for (let start = table; start < table + 4 * BUCKETS; start += 4) {
      const own = load<u32>(start);
      store<u32>(start, sum);
      sum += own;
    }
  }
}

/** The place kept for a magnitude in a pass, and counts it on. */
@inline
function place(magnitude: u32, pass: u32): u32 {
  const digit = (magnitude >>> (BITS * pass)) & (<u32>BUCKETS - 1);
  const start = starts + 4 * (<usize>pass * BUCKETS + <usize>digit);
  const next = load<u32>(start);
  store<u32>(start, next + 1);
  return next;
}

@inline
function pair(magnitude: u32, index: i32): u64 {
  return <u64>magnitude | (<u64>index << 32);
}
