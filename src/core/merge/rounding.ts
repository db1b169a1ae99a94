import { floatToBF16, floatToF16, halfToFloat } from "../checkpoint/dtype";
import type { Precision } from "./block-ops";

const rounded = new Float64Array(1);
const halves = new Int32Array(rounded.buffer);

/**
 * float32(x·y + z) with one rounding. The product is exact in float64; the sum is rounded to odd there, so that rounding
 * it again to float32 is as rounding once.
 */
export function fusedMultiplyAdd(x: number, y: number, z: number): number {
  const product = x * y;
  const sum = product + z;
  const high = sum - z;
  const error = product - high + (z - (sum - high));
  if (error !== 0 && Number.isFinite(error)) {
    rounded[0] = sum;
    // An even significand moves to the odd neighbour on the side of the exact sum.
    if ((halves[0]! & 1) === 0) {
      const outward = error > 0 === sum > 0;
      if (outward) halves[0]! += 1;
      else {
        if (halves[0] === 0) halves[1]! -= 1;
        halves[0]! -= 1;
      }
      return Math.fround(rounded[0]);
    }
  }
  return Math.fround(sum);
}

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

export function roundBF16(value: number): number {
  word[0] = floatToBF16(value) << 16;
  return float[0]!;
}

export const roundF16 = (value: number): number => halfToFloat(floatToF16(value));

/** A number rounded to `precision`. */
export const roundTo = (value: number, precision: Precision): number =>
  precision === "float32"
    ? Math.fround(value)
    : precision === "bfloat16"
      ? roundBF16(value)
      : roundF16(value);
