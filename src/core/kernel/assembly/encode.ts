import { lanes } from "./constant";
import { floatToBF16, floatToF16, HALF_BF16, numberToBF16, ONE } from "./half";
import { F16, smallToFloat } from "./small-float";

// `length` float32, a multiple of 16, to two bytes each, or rounded in place; to nearest even.

export function encodeBF16(from: usize, length: i32, out: usize): void {
  const half = lanes(HALF_BF16);
  const one = lanes(ONE);
  for (const end = out + (<usize>length << 1); out < end; out += 32, from += 64) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    if (mayHaveNaN(a, b, c, d)) {
      v128.store(out, i16x8.narrow_i32x4_u(floatToBF16(a), floatToBF16(b)));
      v128.store(out, i16x8.narrow_i32x4_u(floatToBF16(c), floatToBF16(d)), 16);
    } else {
      v128.store(out, i16x8.narrow_i32x4_u(numberToBF16(a, half, one), numberToBF16(b, half, one)));
      v128.store(out, i16x8.narrow_i32x4_u(numberToBF16(c, half, one), numberToBF16(d, half, one)), 16);
    }
  }
}

export function encodeF16(from: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 1); out < end; out += 16, from += 32) {
    const low = floatToF16(v128.load(from));
    const high = floatToF16(v128.load(from, 16));
    v128.store(out, i16x8.narrow_i32x4_u(low, high));
  }
}

export function roundBF16(values: usize, length: i32): void {
  const half = lanes(HALF_BF16);
  const one = lanes(ONE);
  for (const end = values + (<usize>length << 2); values < end; values += 64) {
    const a = v128.load(values);
    const b = v128.load(values, 16);
    const c = v128.load(values, 32);
    const d = v128.load(values, 48);
    if (mayHaveNaN(a, b, c, d)) {
      v128.store(values, i32x4.shl(floatToBF16(a), 16));
      v128.store(values, i32x4.shl(floatToBF16(b), 16), 16);
      v128.store(values, i32x4.shl(floatToBF16(c), 16), 32);
      v128.store(values, i32x4.shl(floatToBF16(d), 16), 48);
    } else {
      v128.store(values, i32x4.shl(numberToBF16(a, half, one), 16));
      v128.store(values, i32x4.shl(numberToBF16(b, half, one), 16), 16);
      v128.store(values, i32x4.shl(numberToBF16(c, half, one), 16), 32);
      v128.store(values, i32x4.shl(numberToBF16(d, half, one), 16), 48);
    }
  }
}

export function roundF16(values: usize, length: i32): void {
  for (const end = values + (<usize>length << 2); values < end; values += 16) {
    const halves = floatToF16(v128.load(values));
    const extended = i32x4.shr_s(i32x4.shl(halves, 16), 16);
    v128.store(values, smallToFloat(i32x4.shl(extended, 13), F16));
  }
}

/** Whether there is a NaN, which makes the sum NaN; infinities may do so too. */
@inline
function mayHaveNaN(a: v128, b: v128, c: v128, d: v128): bool {
  const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  return v128.any_true(f32x4.ne(sum, sum));
}
