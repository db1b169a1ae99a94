import { lanes } from "./constant";

// BF16 and F16 in registers. "Halves" are their bits, each in the low half of a 32-bit lane.

export const ONE = memory.data<u32>([1]);
const SIGN = memory.data<u32>([0x8000]);
export const HALF_BF16 = memory.data<u32>([0x7fff]);
const QUIET = memory.data<u32>([0x00400000]);
/** Half of F16's last place, less float32's exponent bias against F16's. */
const HALF_F16 = memory.data<u32>([0xc8000fff]);
/** 2⁻¹⁴, F16's smallest normal; as a float32. */
const SMALL_F16 = memory.data<u32>([0x38800000]);
/** 2¹⁶, that rounds to F16's infinity. */
const LARGE_F16 = memory.data<u32>([0x47800000]);
const QUIET_F16 = memory.data<u32>([0x0200]);
/** ½ as a float32: its last place is F16's smallest value, 2⁻²⁴. */
const ONE_HALF = memory.data<u32>([0x3f000000]);

/** Elements 0 to 3 of eight BF16: the 16 bits are float32's upper half. */
@inline
export function bf16Low(raw: v128): v128 {
  return v128.shuffle<i16>(i32x4.splat(0), raw, 0, 8, 1, 9, 2, 10, 3, 11);
}

/** Elements 4 to 7. */
@inline
export function bf16High(raw: v128): v128 {
  return v128.shuffle<i16>(i32x4.splat(0), raw, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** float32 other than NaN to halves of BF16, to nearest even; with HALF_BF16 and ONE in all lanes. */
@inline
export function numberToBF16(x: v128, half: v128, one: v128): v128 {
  const odd = v128.and(i32x4.shr_u(x, 16), one);
  return i32x4.shr_u(i32x4.add(i32x4.add(x, half), odd), 16);
}

/** Any float32 to halves of BF16; NaN stays NaN. */
@inline
export function floatToBF16(x: v128): v128 {
  const nan = i32x4.shr_u(v128.or(x, lanes(QUIET)), 16);
  return v128.bitselect(nan, numberToBF16(x, lanes(HALF_BF16), lanes(ONE)), f32x4.ne(x, x));
}

/** float32 to halves of F16, to nearest even; infinite from 65,520 on; NaN stays NaN. */
@inline
export function floatToF16(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const bounded = i32x4.min_s(magnitude, lanes(LARGE_F16));
  const odd = v128.and(i32x4.shr_u(bounded, 13), lanes(ONE));
  const normal = i32x4.shr_u(i32x4.add(i32x4.add(bounded, lanes(HALF_F16)), odd), 13);
  const small = i32x4.sub(f32x4.add(magnitude, lanes(ONE_HALF)), lanes(ONE_HALF));
  const rounded = v128.bitselect(small, normal, i32x4.lt_s(magnitude, lanes(SMALL_F16)));
  const quiet = v128.and(f32x4.ne(x, x), lanes(QUIET_F16));
  return v128.or(v128.or(rounded, quiet), v128.and(i32x4.shr_u(x, 16), lanes(SIGN)));
}
