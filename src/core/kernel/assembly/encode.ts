import { finish, place } from "./group";
import { floatToBF16, floatToF16 } from "./half";
import { F16, smallToFloat } from "./small-float";

// `length` float32 to two bytes each, or rounded in place; to nearest even. Up to 28 bytes beyond them are read, and ignored.

export function encodeBF16(from: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 1);
  for (; out < end; out += 16, from += 32) {
    const low = floatToBF16(v128.load(from));
    const high = floatToBF16(v128.load(from, 16));
    v128.store(place(out, 16, end), i16x8.narrow_i32x4_u(low, high));
    finish(out, 16, end);
  }
}

export function encodeF16(from: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 1);
  for (; out < end; out += 16, from += 32) {
    const low = floatToF16(v128.load(from));
    const high = floatToF16(v128.load(from, 16));
    v128.store(place(out, 16, end), i16x8.narrow_i32x4_u(low, high));
    finish(out, 16, end);
  }
}

export function roundBF16(values: usize, length: i32): void {
  const end = values + (<usize>length << 2);
  for (; values < end; values += 16) {
    v128.store(place(values, 16, end), i32x4.shl(floatToBF16(v128.load(values)), 16));
    finish(values, 16, end);
  }
}

export function roundF16(values: usize, length: i32): void {
  const end = values + (<usize>length << 2);
  for (; values < end; values += 16) {
    const halves = floatToF16(v128.load(values));
    // Sign-extended, then moved.
    const shifted = i32x4.shl(i32x4.shr_s(i32x4.shl(halves, 16), 16), 13);
    v128.store(place(values, 16, end), smallToFloat(shifted, F16));
    finish(values, 16, end);
  }
}
