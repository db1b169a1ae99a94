import { lanes } from "./constant";

// Floats of one or two bytes with an exponent shorter than float32's.

/** Sign; one unit of the exponent. */
const SIGN = memory.data<u32>([0x80000000]);
const UNIT = memory.data<u32>([0x00800000]);

/**
 * A format's constants: exponent and fraction where float32 has its fraction's end; the difference of the exponents' biases;
 * the smallest normal as a float32; the largest exponent's or NaN's bits less one; what is added above them to reach
 * float32's largest exponent.
 */
export const F16 = memory.data<u32>([0x0fffe000, 0x38000000, 0x38800000, 0x0f7fffff, 0x38000000]);
export const E5M2 = memory.data<u32>([0x0fe00000, 0x38000000, 0x38800000, 0x0f7fffff, 0x38000000]);
export const E4M3 = memory.data<u32>([0x07f00000, 0x3c000000, 0x3c800000, 0x07efffff, 0x3c000000]);

/**
 * To float32; `x` holds sign-extended bits, shifted left so that the fraction ends where float32's does. A value below the
 * smallest normal is read as a fraction above it, which is then taken off: no denormal float32 slows it down.
 */
@inline
export function smallToFloat(x: v128, format: usize): v128 {
  const magnitude = v128.and(x, lanes(format));
  const isSmall = i32x4.lt_s(magnitude, lanes(UNIT));
  const rebased = i32x4.add(i32x4.add(magnitude, lanes(format + 4)), v128.and(isSmall, lanes(UNIT)));
  const value = f32x4.sub(rebased, v128.and(isSmall, lanes(format + 8)));
  const isSpecial = i32x4.gt_s(magnitude, lanes(format + 12));
  const whole = i32x4.add(value, v128.and(isSpecial, lanes(format + 16)));
  return v128.or(whole, v128.and(x, lanes(SIGN)));
}
