const ONE = memory.data<f32>([1]);

/**
 * Counts the fields of `bits` bits at `shift` of the magnitudes of `length` float32: of those that have `prefix` above the
 * field, of all where `prefix` is negative. `counts` points to four tables; the last three are 0 before and after, and serve
 * because neighbours are often equal: counting them in one table would wait for itself.
 */
export function countMagnitudes(values: usize, length: i32, shift: i32, bits: i32, prefix: i32, counts: usize): void {
  const mask = (1 << bits) - 1;
  const size = <usize>4 << bits;
  const whole = values + ((<usize>length & ~3) << 2);
  const end = values + (<usize>length << 2);
  if (prefix < 0) {
    for (; values < whole; values += 16) {
      count(counts, field(load<i32>(values), shift) & mask);
      count(counts + size, field(load<i32>(values, 4), shift) & mask);
      count(counts + 2 * size, field(load<i32>(values, 8), shift) & mask);
      count(counts + 3 * size, field(load<i32>(values, 12), shift) & mask);
    }
    gather(counts, size);
  } else {
    const wanted = i32x4.splat(prefix);
    for (; values < whole; values += 16) {
      const above = i32x4.shr_u(f32x4.abs(v128.load(values)), shift + bits);
      if (!v128.any_true(i32x4.eq(above, wanted))) continue;
      for (let i: usize = 0; i < 16; i += 4) countOne(load<i32>(values + i), shift, bits, prefix, counts);
    }
  }
  for (; values < end; values += 4) countOne(load<i32>(values), shift, bits, prefix, counts);
}

@inline
function field(word: i32, shift: i32): i32 {
  return (word & 0x7fffffff) >>> shift;
}

@inline
function countOne(word: i32, shift: i32, bits: i32, prefix: i32, counts: usize): void {
  const key = field(word, shift);
  if (prefix < 0 || key >>> bits == prefix) count(counts, key & ((1 << bits) - 1));
}

@inline
function count(table: usize, index: i32): void {
  const at = table + (<usize>index << 2);
  store<i32>(at, load<i32>(at) + 1);
}

/** Adds the last three tables to the first, and clears them. */
@inline
function gather(counts: usize, size: usize): void {
  for (let at = counts, end = counts + size; at < end; at += 4) {
    const others = load<i32>(at + size) + load<i32>(at + 2 * size) + load<i32>(at + 3 * size);
    store<i32>(at, load<i32>(at) + others);
  }
  memory.fill(counts + size, 0, 3 * size);
}

/**
 * Multiplies by 0 the values outside a band of magnitudes; of those at a bound the ones whose place among their equals, counted
 * on in the two numbers at `seen`, is not in [from, to).
 */
export function keepBand(
  values: usize,
  length: i32,
  low: i32,
  high: i32,
  lowFrom: u32,
  lowTo: u32,
  highFrom: u32,
  highTo: u32,
  seen: usize,
): void {
  const end = values + (<usize>length << 2);
  const lows = i32x4.splat(low);
  const highs = i32x4.splat(high);
  for (; values < end; values += 16) {
    const own = v128.load(values);
    const magnitude = f32x4.abs(own);
    const bound = v128.or(i32x4.eq(magnitude, lows), i32x4.eq(magnitude, highs));
    if (values + 16 > end || v128.any_true(bound)) {
      for (let at = values, stop = min(values + 16, end); at < stop; at += 4) {
        const m = load<i32>(at) & 0x7fffffff;
        let keep = m > low && m < high;
        if (m == low) keep = within(seen, lowFrom, lowTo);
        else if (m == high) keep = within(seen + 4, highFrom, highTo);
        if (!keep) store<f32>(at, load<f32>(at) * 0);
      }
    } else {
      const inside = v128.and(i32x4.gt_s(magnitude, lows), i32x4.lt_s(magnitude, highs));
      v128.store(values, f32x4.mul(own, v128.and(inside, v128.load32_splat(ONE))));
    }
  }
}

/** Whether the next place is in [from, to). */
@inline
function within(seen: usize, from: u32, to: u32): bool {
  const place = load<u32>(seen);
  store<u32>(seen, place + 1);
  return place >= from && place < to;
}

const FOUR_BITS = memory.data<u32>([1, 2, 4, 8], 16);

/** Multiplies by 0 the values whose bit is 0, from bit `first` (0 to 7) of the byte at `bits` on; `length` is a multiple of 8. */
export function keepBits(values: usize, length: i32, bits: usize, first: i32): void {
  const low = v128.load(FOUR_BITS);
  const high = i32x4.shl(low, 4);
  for (const end = values + (<usize>length << 2); values < end; values += 32, bits += 1) {
    const own = i32x4.splat(<i32>load<u16>(bits) >>> first);
    v128.store(values, kept(values, own, low));
    v128.store(values, kept(values + 16, own, high), 16);
  }
}

@inline
function kept(values: usize, bits: v128, wanted: v128): v128 {
  const isSet = i32x4.ne(v128.and(bits, wanted), i32x4.splat(0));
  return f32x4.mul(v128.load(values), v128.and(isSet, v128.load32_splat(ONE)));
}
