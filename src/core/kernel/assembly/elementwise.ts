// `length` float32, a multiple of 4.

export function add(a: usize, b: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; a += 16, b += 16, out += 16) {
    v128.store(out, f32x4.add(v128.load(a), v128.load(b)));
  }
}

export function subtract(a: usize, b: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; a += 16, b += 16, out += 16) {
    v128.store(out, f32x4.sub(v128.load(a), v128.load(b)));
  }
}

export function multiply(a: usize, b: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; a += 16, b += 16, out += 16) {
    v128.store(out, f32x4.mul(v128.load(a), v128.load(b)));
  }
}

export function divide(a: usize, b: usize, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; a += 16, b += 16, out += 16) {
    v128.store(out, f32x4.div(v128.load(a), v128.load(b)));
  }
}

export function scale(a: usize, factor: f32, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; a += 16, out += 16) {
    v128.store(out, f32x4.mul(v128.load(a), f32x4.splat(factor)));
  }
}

export function divideBy(a: usize, divisor: f32, length: i32, out: usize): void {
  for (const end = out + (<usize>length << 2); out < end; a += 16, out += 16) {
    v128.store(out, f32x4.div(v128.load(a), f32x4.splat(divisor)));
  }
}

/** Turns zeros into ones. */
export function fillZeros(values: usize, length: i32): void {
  for (const end = values + (<usize>length << 2); values < end; values += 16) {
    const own = v128.load(values);
    v128.store(values, v128.bitselect(f32x4.splat(1), own, f32x4.eq(own, f32x4.splat(0))));
  }
}

/** Raises what is below `minimum` to it. */
export function atLeast(values: usize, minimum: f32, length: i32): void {
  for (const end = values + (<usize>length << 2); values < end; values += 16) {
    v128.store(values, f32x4.pmax(v128.load(values), f32x4.splat(minimum)));
  }
}
