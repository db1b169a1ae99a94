import { bf16High, bf16Low } from "./half";
import { decodeSmall, E4M3, E5M2, F16 } from "./small-float";

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
  decodeSmall(2, 13, F16, from, length, out);
}

export function decodeE5M2(from: usize, length: i32, out: usize): void {
  decodeSmall(1, 21, E5M2, from, length, out);
}

export function decodeE4M3(from: usize, length: i32, out: usize): void {
  decodeSmall(1, 20, E4M3, from, length, out);
}

/** To nearest even. */
export function decodeF64(from: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; out += 16, from += 32) {
    const low = f32x4.demote_f64x2_zero(v128.load(from));
    const high = f32x4.demote_f64x2_zero(v128.load(from, 16));
    v128.store(out, v128.shuffle<i64>(low, high, 0, 2));
  }
}
