// Sums in float64. Element i of `length` float32 is added to number i mod 4 of the four at `strands`.

export function sum(values: usize, length: i32, strands: usize): void {
  let a = v128.load(strands);
  let b = v128.load(strands, 16);
  const whole = values + ((<usize>length & ~3) << 2);
  const end = values + (<usize>length << 2);
  for (; values < whole; values += 16) {
    const four = v128.load(values);
    a = f64x2.add(a, f64x2.promote_low_f32x4(four));
    b = f64x2.add(b, f64x2.promote_low_f32x4(upper(four)));
  }
  v128.store(strands, a);
  v128.store(strands, b, 16);
  for (; values < end; values += 4, strands += 8) addTo(strands, load<f32>(values));
}

export function sumAbs(values: usize, length: i32, strands: usize): void {
  let a = v128.load(strands);
  let b = v128.load(strands, 16);
  const whole = values + ((<usize>length & ~3) << 2);
  const end = values + (<usize>length << 2);
  for (; values < whole; values += 16) {
    const four = f32x4.abs(v128.load(values));
    a = f64x2.add(a, f64x2.promote_low_f32x4(four));
    b = f64x2.add(b, f64x2.promote_low_f32x4(upper(four)));
  }
  v128.store(strands, a);
  v128.store(strands, b, 16);
  for (; values < end; values += 4, strands += 8) addTo(strands, Math.abs(load<f32>(values)));
}

export function dot(x: usize, y: usize, length: i32, strands: usize): void {
  let a = v128.load(strands);
  let b = v128.load(strands, 16);
  const whole = x + ((<usize>length & ~3) << 2);
  const end = x + (<usize>length << 2);
  for (; x < whole; x += 16, y += 16) {
    const own = v128.load(x);
    const other = v128.load(y);
    a = f64x2.add(a, products(own, other));
    b = f64x2.add(b, products(upper(own), upper(other)));
  }
  v128.store(strands, a);
  v128.store(strands, b, 16);
  for (; x < end; x += 4, y += 4, strands += 8) addTo(strands, <f64>load<f32>(x) * <f64>load<f32>(y));
}

/** Adds squares in float32 to eight sums at `lanes`, element i to number i mod 8; `length` is a multiple of 8. */
export function addSquares(values: usize, length: i32, lanes: usize): void {
  let a = v128.load(lanes);
  let b = v128.load(lanes, 16);
  for (const end = values + (<usize>length << 2); values < end; values += 32) {
    const low = v128.load(values);
    const high = v128.load(values, 16);
    a = f32x4.add(a, f32x4.mul(low, low));
    b = f32x4.add(b, f32x4.mul(high, high));
  }
  v128.store(lanes, a);
  v128.store(lanes, b, 16);
}

@inline
function addTo(strand: usize, value: f64): void {
  store<f64>(strand, load<f64>(strand) + value);
}

/** Of lanes 0 and 1, exact in float64. */
@inline
function products(x: v128, y: v128): v128 {
  return f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y));
}

/** Lanes 2 and 3 as lanes 0 and 1. */
@inline
function upper(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 3, 2, 3);
}
