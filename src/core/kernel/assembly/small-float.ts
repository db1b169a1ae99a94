import { lanes } from "./constant";

// Floats of one or two bytes with an exponent shorter than float32's.

/** float32's sign, and one unit of its exponent. */
const SIGN = memory.data<u32>([0x80000000]);
const UNIT = memory.data<u32>([0x00800000]);

/**
 * A format's constants: exponent and fraction, shifted so that the fraction ends where float32's does; the difference of the
 * exponents' biases; the smallest normal as a float32; the bits of the largest exponent, or of NaN alone, less one.
 */
export const F16 = memory.data<u32>([0x0fffe000, 0x38000000, 0x38800000, 0x0f7fffff]);
export const E5M2 = memory.data<u32>([0x0fe00000, 0x38000000, 0x38800000, 0x0f7fffff]);
export const E4M3 = memory.data<u32>([0x07f00000, 0x3c000000, 0x3c800000, 0x07efffff]);

/** Sign-extended bits, shifted as above, to float32. */
@inline
export function smallToFloat(x: v128, format: usize): v128 {
  const bias = lanes(format + 4);
  return convert(x, lanes(format), bias, lanes(format + 8), lanes(format + 12), lanes(SIGN), lanes(UNIT));
}

/** `length` elements of one or two bytes, a multiple of 8, to float32. */
@inline
export function decodeSmall(bytes: i32, shift: i32, format: usize, from: usize, length: i32, out: usize): void {
  const mask = lanes(format);
  const bias = lanes(format + 4);
  const least = lanes(format + 8);
  const last = lanes(format + 12);
  const sign = lanes(SIGN);
  const unit = lanes(UNIT);
  for (const end = out + (<usize>length << 2); out < end; out += 32, from += 8 * bytes) {
    const raw = bytes == 1 ? v128.load8x8_s(from) : v128.load(from);
    const low = i32x4.shl(i32x4.extend_low_i16x8_s(raw), shift);
    const high = i32x4.shl(i32x4.extend_high_i16x8_s(raw), shift);
    v128.store(out, convert(low, mask, bias, least, last, sign, unit));
    v128.store(out, convert(high, mask, bias, least, last, sign, unit), 16);
  }
}

/**
 * A value below the smallest normal is read as a fraction above it, which is then taken off: no denormal float32 slows it down.
 * The largest exponent gets the bias twice, which makes it float32's largest.
 */
@inline
function convert(x: v128, mask: v128, bias: v128, least: v128, last: v128, sign: v128, unit: v128): v128 {
  const magnitude = v128.and(x, mask);
  const isSmall = i32x4.lt_s(magnitude, unit);
  const rebased = i32x4.add(i32x4.add(magnitude, bias), v128.and(isSmall, unit));
  const value = f32x4.sub(rebased, v128.and(isSmall, least));
  const whole = i32x4.add(value, v128.and(i32x4.gt_s(magnitude, last), bias));
  return v128.or(whole, v128.and(x, sign));
}
