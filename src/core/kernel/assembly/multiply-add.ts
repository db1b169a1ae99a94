import { lanes, wideLanes } from "./constant";

const BELOW_FLOAT = memory.data<u64>([0x1fffffff]);
const HALF_WAY = memory.data<u64>([0x10000000]);
const ALL = memory.data<u32>([0xffffffff]);
const SMALLEST_NORMAL = memory.data<u32>([0x00800000]);

/** x·y + 0: rounded once by itself, +0 where a factor is 0, and −0 where a negative product is too small. */
@inline
export function firstProduct(x: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, zero);
  const product = f32x4.mul(x, y);
  const nonZero = v128.and(f32x4.ne(x, zero), f32x4.ne(y, zero));
  return v128.bitselect(product, f32x4.add(product, zero), nonZero);
}

/** x·y + z with one rounding, in each of four lanes. */
@inline
export function multiplyAdd(x: v128, y: v128, z: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, z);
  const low = sum(x, y, z);
  const high = sum(upper(x), upper(y), upper(z));
  let rounded = join(low, high);
  if (v128.any_true(v128.or(v128.or(between(low), between(high)), tiny(rounded)))) rounded = exact(x, y, z);
  return rounded;
}

/** x·y + z of lanes 0 and 1 in float64: the product is exact, the sum rounded. */
@inline
function sum(x: v128, y: v128, z: v128): v128 {
  const product = f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y));
  return f64x2.add(product, f64x2.promote_low_f32x4(z));
}

/** Lanes 2 and 3 as lanes 0 and 1. */
@inline
function upper(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 3, 2, 3);
}

/** Four float64, two in each, to float32. */
@inline
function join(low: v128, high: v128): v128 {
  const a = f32x4.demote_f64x2_zero(low);
  const b = f32x4.demote_f64x2_zero(high);
  return v128.shuffle<i64>(a, b, 0, 2);
}

/** Which float64 lie half-way between two normal float32: there alone rounding twice can differ from rounding once. */
@inline
function between(x: v128): v128 {
  return i64x2.eq(v128.and(x, wideLanes(BELOW_FLOAT)), wideLanes(HALF_WAY));
}

/** Which float32 are not 0 but at most the smallest normal: half-way lies elsewhere for them. */
@inline
function tiny(x: v128): v128 {
  const rest = i32x4.add(f32x4.abs(x), lanes(ALL));
  return i32x4.lt_u(rest, lanes(SMALLEST_NORMAL));
}

/** As `multiplyAdd`, in float64 rounded to odd, so that rounding again to float32 is as rounding once. */
function exact(x: v128, y: v128, z: v128): v128 {
  return join(oddSum(x, y, z), oddSum(upper(x), upper(y), upper(z)));
}

/** x·y + z of lanes 0 and 1: an inexact sum with an even significand moves to the odd neighbour towards the exact sum. */
@inline
function oddSum(x: v128, y: v128, z: v128): v128 {
  const product = f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y));
  const added = f64x2.promote_low_f32x4(z);
  const sum = f64x2.add(product, added);
  const high = f64x2.sub(sum, added);
  const error = f64x2.add(f64x2.sub(product, high), f64x2.sub(added, f64x2.sub(sum, high)));
  const zero = f64x2.splat(0);
  const above = f64x2.gt(error, zero);
  // Neither where the error is NaN, as it is for infinite sums.
  const inexact = v128.or(above, f64x2.lt(error, zero));
  const even = i64x2.eq(v128.and(sum, i64x2.splat(1)), zero);
  const inward = v128.xor(above, f64x2.gt(sum, zero));
  const step = v128.or(inward, i64x2.splat(1));
  return i64x2.add(sum, v128.and(v128.and(inexact, even), step));
}
