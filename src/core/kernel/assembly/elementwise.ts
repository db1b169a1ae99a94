import { finish, place } from "./group";

// `length` float32. Up to 12 bytes beyond them are read, and ignored.

export function add(a: usize, b: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; a += 16, b += 16, out += 16) put(f32x4.add(v128.load(a), v128.load(b)), out, end);
}

export function subtract(a: usize, b: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; a += 16, b += 16, out += 16) put(f32x4.sub(v128.load(a), v128.load(b)), out, end);
}

export function multiply(a: usize, b: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; a += 16, b += 16, out += 16) put(f32x4.mul(v128.load(a), v128.load(b)), out, end);
}

export function divide(a: usize, b: usize, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; a += 16, b += 16, out += 16) put(f32x4.div(v128.load(a), v128.load(b)), out, end);
}

export function scale(a: usize, factor: f32, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; a += 16, out += 16) put(f32x4.mul(v128.load(a), f32x4.splat(factor)), out, end);
}

export function divideBy(a: usize, divisor: f32, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  for (; out < end; a += 16, out += 16) put(f32x4.div(v128.load(a), f32x4.splat(divisor)), out, end);
}

/** Turns zeros into ones. */
export function fillZeros(values: usize, length: i32): void {
  const end = values + (<usize>length << 2);
  for (; values < end; values += 16) {
    const own = v128.load(values);
    put(v128.bitselect(f32x4.splat(1), own, f32x4.eq(own, f32x4.splat(0))), values, end);
  }
}

@inline
function put(result: v128, out: usize, end: usize): void {
  v128.store(place(out, 16, end), result);
  finish(out, 16, end);
}
