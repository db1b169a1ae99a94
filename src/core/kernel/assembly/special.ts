// Index of the first of `length` elements that has all bits of `mask`, −1 where none has: infinities and NaN have all bits of
// the exponent.

export function findSpecial8(from: usize, length: i32, mask: i32): i32 {
  return find(0, from, length, mask);
}

export function findSpecial16(from: usize, length: i32, mask: i32): i32 {
  return find(1, from, length, mask);
}

export function findSpecial32(from: usize, length: i32, mask: i32): i32 {
  return find(2, from, length, mask);
}

/** `size` is the logarithm of an element's bytes. */
@inline
function find(size: i32, from: usize, length: i32, mask: i32): i32 {
  const masks = size == 0 ? i8x16.splat(<i8>mask) : size == 1 ? i16x8.splat(<i16>mask) : i32x4.splat(mask);
  const end = from + (<usize>length << size);
  let at = from;
  for (; at + 64 <= end; at += 64) {
    const low = v128.or(special(size, v128.load(at), masks), special(size, v128.load(at, 16), masks));
    const high = v128.or(special(size, v128.load(at, 32), masks), special(size, v128.load(at, 48), masks));
    if (v128.any_true(v128.or(low, high))) break;
  }
  for (; at < end; at += 1 << size) {
    const bits = size == 0 ? <i32>load<u8>(at) : size == 1 ? <i32>load<u16>(at) : load<i32>(at);
    if ((bits & mask) == mask) return <i32>((at - from) >> size);
  }
  return -1;
}

@inline
function special(size: i32, x: v128, masks: v128): v128 {
  const bits = v128.and(x, masks);
  return size == 0 ? i8x16.eq(bits, masks) : size == 1 ? i16x8.eq(bits, masks) : i32x4.eq(bits, masks);
}
