const ONE = memory.data<f32>([1]);

/**
 * Counts the fields of `bits` bits at `shift` of the magnitudes of `length` float32: of those that have `prefix` above the
 * field, of all where `prefix` is negative. `counts` points to `tables` tables, 1 or 4. The last three of four are 0 before and
 * after: neighbours that have a short field in common would wait for each other in one table.
 */
export function countMagnitudes(
  values: usize,
  length: i32,
  shift: i32,
  bits: i32,
  prefix: i32,
  counts: usize,
  tables: i32,
): void {
  const mask = (1 << bits) - 1;
  const size: usize = tables == 4 ? <usize>4 << bits : 0;
  const whole = values + ((<usize>length & ~3) << 2);
  const end = values + (<usize>length << 2);
  if (prefix < 0) {
    for (; values < whole; values += 16) {
      count(counts, field(load<i32>(values), shift) & mask);
      count(counts + size, field(load<i32>(values, 4), shift) & mask);
      count(counts + 2 * size, field(load<i32>(values, 8), shift) & mask);
      count(counts + 3 * size, field(load<i32>(values, 12), shift) & mask);
    }
    if (size > 0) gather(counts, size);
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
 * Writes the magnitudes between two bounds low ≤ high to `out`, which has room for all of them. Sets four numbers at `counts`:
 * how many are below low, equal low, equal high where that is not low, and between.
 */
export function collectBetween(values: usize, length: i32, low: i32, high: i32, out: usize, counts: usize): void {
  const lows = i32x4.splat(low);
  const highs = i32x4.splat(high);
  const start = out;
  let below = i32x4.splat(0);
  let lowest = i32x4.splat(0);
  let highest = i32x4.splat(0);
  const whole = values + ((<usize>length & ~3) << 2);
  for (const end = whole; values < end; values += 16) {
    const magnitude = f32x4.abs(v128.load(values));
    below = i32x4.sub(below, i32x4.lt_s(magnitude, lows));
    lowest = i32x4.sub(lowest, i32x4.eq(magnitude, lows));
    highest = i32x4.sub(highest, i32x4.eq(magnitude, highs));
    const between = v128.and(i32x4.gt_s(magnitude, lows), i32x4.lt_s(magnitude, highs));
    if (v128.any_true(between)) {
      for (let at = values; at < values + 16; at += 4) out = collect(load<i32>(at) & 0x7fffffff, low, high, out);
    }
  }
  let belows = total(below);
  let lowests = total(lowest);
  let highests = total(highest);
  for (const end = whole + ((<usize>length & 3) << 2); values < end; values += 4) {
    const magnitude = load<i32>(values) & 0x7fffffff;
    belows += i32(magnitude < low);
    lowests += i32(magnitude == low);
    highests += i32(magnitude == high);
    out = collect(magnitude, low, high, out);
  }
  store<i32>(counts, belows);
  store<i32>(counts, lowests, 4);
  store<i32>(counts, low == high ? 0 : highests, 8);
  store<i32>(counts, <i32>((out - start) >> 2), 12);
}

@inline
function collect(magnitude: i32, low: i32, high: i32, out: usize): usize {
  store<i32>(out, magnitude);
  return magnitude > low && magnitude < high ? out + 4 : out;
}

@inline
function total(x: v128): i32 {
  const low = i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1);
  return low + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
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
