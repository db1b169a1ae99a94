const PARITY = 0x1bd11bda;
const FIRST_COUNTERS = memory.data<u32>([0, 1, 2, 3], 16);
const words = memory.data(32, 16);

/** What is added to the two words of four counters at first and after every fourth round. */
const keys = memory.data(16 * 12, 16);

function setKeys(k0: u32, k1: u32): void {
  const k2 = PARITY ^ k0 ^ k1;
  for (let group: u32 = 0; group <= 5; group++) {
    const turn = group % 3;
    const first = turn == 0 ? k0 : turn == 1 ? k1 : k2;
    const second = turn == 0 ? k1 : turn == 1 ? k2 : k0;
    v128.store(keys + 32 * group, i32x4.splat(first));
    v128.store(keys + 32 * group + 16, i32x4.splat(second + group));
  }
}

/**
 * Eight words of the stream of `keys`: numbers `from` to `from` + 7, `from` a multiple of 8, to `words`. Threefry-2x32 with 20
 * rounds for four counters at a time; a counter's high word is 0.
 */
@inline
function eightWords(from: u32): void {
  let a = i32x4.add(i32x4.add(i32x4.splat(from >>> 1), v128.load(FIRST_COUNTERS)), v128.load(keys));
  let b = v128.load(keys, 16);
  a = i32x4.add(a, b);
  b = mix(b, 13, a);
  a = i32x4.add(a, b);
  b = mix(b, 15, a);
  a = i32x4.add(a, b);
  b = mix(b, 26, a);
  a = i32x4.add(a, b);
  b = mix(b, 6, a);
  a = i32x4.add(a, v128.load(keys, 32));
  b = i32x4.add(b, v128.load(keys, 48));
  a = i32x4.add(a, b);
  b = mix(b, 17, a);
  a = i32x4.add(a, b);
  b = mix(b, 29, a);
  a = i32x4.add(a, b);
  b = mix(b, 16, a);
  a = i32x4.add(a, b);
  b = mix(b, 24, a);
  a = i32x4.add(a, v128.load(keys, 64));
  b = i32x4.add(b, v128.load(keys, 80));
  a = i32x4.add(a, b);
  b = mix(b, 13, a);
  a = i32x4.add(a, b);
  b = mix(b, 15, a);
  a = i32x4.add(a, b);
  b = mix(b, 26, a);
  a = i32x4.add(a, b);
  b = mix(b, 6, a);
  a = i32x4.add(a, v128.load(keys, 96));
  b = i32x4.add(b, v128.load(keys, 112));
  a = i32x4.add(a, b);
  b = mix(b, 17, a);
  a = i32x4.add(a, b);
  b = mix(b, 29, a);
  a = i32x4.add(a, b);
  b = mix(b, 16, a);
  a = i32x4.add(a, b);
  b = mix(b, 24, a);
  a = i32x4.add(a, v128.load(keys, 128));
  b = i32x4.add(b, v128.load(keys, 144));
  a = i32x4.add(a, b);
  b = mix(b, 13, a);
  a = i32x4.add(a, b);
  b = mix(b, 15, a);
  a = i32x4.add(a, b);
  b = mix(b, 26, a);
  a = i32x4.add(a, b);
  b = mix(b, 6, a);
  a = i32x4.add(a, v128.load(keys, 160));
  b = i32x4.add(b, v128.load(keys, 176));
  v128.store(words, v128.shuffle<i32>(a, b, 0, 4, 1, 5));
  v128.store(words, v128.shuffle<i32>(a, b, 2, 6, 3, 7), 16);
}

/** b rotated left, and a. */
@inline
function mix(b: v128, by: i32, a: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(b, by), i32x4.shr_u(b, 32 - by)), a);
}

/** Bit i of `bits`: whether word `from` + i is below `threshold`, for i < `count`; `from` is a multiple of 8. */
export function randomBits(k0: u32, k1: u32, from: u32, count: i32, threshold: u32, bits: usize): void {
  setKeys(k0, k1);
  const thresholds = i32x4.splat(threshold);
  for (let left = count; left > 0; left -= 8, from += 8, bits += 1) {
    eightWords(from);
    const low = i32x4.bitmask(i32x4.lt_u(v128.load(words), thresholds));
    const high = i32x4.bitmask(i32x4.lt_u(v128.load(words, 16), thresholds));
    const all = low | (high << 4);
    store<u8>(bits, left < 8 ? all & ((1 << left) - 1) : all);
  }
}

/** Sets bit (`from` mod 8) + r of `bits` where word `from` + r is below thresholds[ranks[r]], for r < `count`. */
export function rankedBits(
  k0: u32,
  k1: u32,
  from: u32,
  ranks: usize,
  count: i32,
  thresholds: usize,
  bits: usize,
): void {
  setKeys(k0, k1);
  const first = <i32>(from & 7);
  from -= first;
  for (let r = -first; r < count; r += 8, from += 8, bits += 1) {
    eightWords(from);
    let all: u32 = load<u8>(bits);
    for (let i = max(0, -r), stop = min(8, count - r); i < stop; i++) {
      const rank = load<u32>(ranks + (<usize>(r + i) << 2));
      const isBelow = load<u32>(words + (<usize>i << 2)) < load<u32>(thresholds + (<usize>rank << 2));
      all |= <u32>isBelow << i;
    }
    store<u8>(bits, all);
  }
}
