import { finish, place } from "./group";
import { bf16High, bf16Low } from "./half";
import { E4M3, E5M2, F16, smallToFloat } from "./small-float";

// `length` stored elements to float32. Up to 15 bytes beyond them are read, and ignored.

export function decodeBF16(from: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; out += 32, from += 16) {
    const raw = v128.load(from);
    const to = place(out, 32, end);
    v128.store(to, bf16Low(raw));
    v128.store(to, bf16High(raw), 16);
    finish(out, 32, end);
  }
}

export function decodeF16(from: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; out += 32, from += 16) putSmall(v128.load(from), 13, F16, out, end);
}

export function decodeE5M2(from: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; out += 32, from += 8) putSmall(v128.load8x8_s(from), 21, E5M2, out, end);
}

export function decodeE4M3(from: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; out += 32, from += 8) putSmall(v128.load8x8_s(from), 20, E4M3, out, end);
}

@inline
function putSmall(raw: v128, shift: i32, format: usize, out: usize, end: usize): void {
  const to = place(out, 32, end);
  v128.store(to, smallToFloat(i32x4.shl(i32x4.extend_low_i16x8_s(raw), shift), format));
  v128.store(to, smallToFloat(i32x4.shl(i32x4.extend_high_i16x8_s(raw), shift), format), 16);
  finish(out, 32, end);
}

/** To nearest even. */
export function decodeF64(from: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; out += 16, from += 32) {
    const low = f32x4.demote_f64x2_zero(v128.load(from));
    const high = f32x4.demote_f64x2_zero(v128.load(from, 16));
    v128.store(place(out, 16, end), v128.shuffle<i64>(low, high, 0, 2));
    finish(out, 16, end);
  }
}
