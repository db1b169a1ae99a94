import { bf16High, bf16Low } from "./half";
import { E4M3, E5M2, F16, smallToFloat } from "./small-float";

// `length` stored elements, a multiple of 8, to float32.

export function decodeBF16(from: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; out += 32, from += 16) {
    const raw = v128.load(from);
    v128.store(out, bf16Low(raw));
    v128.store(out, bf16High(raw), 16);
  }
}

/** Less the `base`, which are float32. */
export function differenceBF16(from: usize, base: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; out += 32, base += 32, from += 16) {
    const raw = v128.load(from);
    const high = f32x4.sub(bf16High(raw), v128.load(base, 16));
    v128.store(out, f32x4.sub(bf16Low(raw), v128.load(base)));
    v128.store(out, high, 16);
  }
}

export function decodeF16(from: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; out += 32, from += 16) put(v128.load(from), 13, F16, out);
}

export function decodeE5M2(from: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; out += 32, from += 8) put(v128.load8x8_s(from), 21, E5M2, out);
}

export function decodeE4M3(from: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; out += 32, from += 8) put(v128.load8x8_s(from), 20, E4M3, out);
}

/** Eight sign-extended elements, shifted so that the fraction ends where float32's does. */
@inline
function put(raw: v128, shift: i32, format: usize, out: usize): void {
  v128.store(out, smallToFloat(i32x4.shl(i32x4.extend_low_i16x8_s(raw), shift), format));
  v128.store(out, smallToFloat(i32x4.shl(i32x4.extend_high_i16x8_s(raw), shift), format), 16);
}

/** To nearest even. */
export function decodeF64(from: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; out += 16, from += 32) {
    const low = f32x4.demote_f64x2_zero(v128.load(from));
    const high = f32x4.demote_f64x2_zero(v128.load(from, 16));
    v128.store(out, v128.shuffle<i64>(low, high, 0, 2));
  }
}
