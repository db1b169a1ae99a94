import { lanes } from "./constant";

// Over `length` elements, a multiple of 16, of `count` rows of float32, whose addresses are at `rows`.

const SIGN = memory.data<u32>([0x80000000]);
const ONE = memory.data<f32>([1]);

/** out = row₀ + row₁ + …, from +0 on. */
export function sumRows(rows: usize, count: i32, length: i32, out: usize): void {
  const size = <usize>length << 2;
  const last = rows + (<usize>count << 2);
  for (let at: usize = 0; at < size; at += 64) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    for (let row = rows; row < last; row += 4) {
      const values = load<usize>(row) + at;
      a = f32x4.add(a, v128.load(values));
      b = f32x4.add(b, v128.load(values, 16));
      c = f32x4.add(c, v128.load(values, 32));
      d = f32x4.add(d, v128.load(values, 48));
    }
    v128.store(out + at, a);
    v128.store(out + at, b, 16);
    v128.store(out + at, c, 32);
    v128.store(out + at, d, 48);
  }
}

/** The sums of the values and of the weights that agree in sign with `majority`, each times 1, the others times 0. */
export function sumAgreeing(
  rows: usize,
  weights: usize,
  count: i32,
  majority: usize,
  length: i32,
  out: usize,
  divisor: usize,
): void {
  const size = <usize>length << 2;
  const last = <usize>count << 2;
  for (let at: usize = 0; at < size; at += 32) {
    const turnLow = turned(v128.load(majority + at));
    const turnHigh = turned(v128.load(majority + at, 16));
    let low = f32x4.splat(0);
    let high = f32x4.splat(0);
    let keptLow = f32x4.splat(0);
    let keptHigh = f32x4.splat(0);
    for (let k: usize = 0; k < last; k += 4) {
      const values = load<usize>(rows + k) + at;
      const weight = v128.load32_splat(weights + k);
      const valuesLow = v128.load(values);
      const valuesHigh = v128.load(values, 16);
      const factorLow = agreement(valuesLow, turnLow);
      const factorHigh = agreement(valuesHigh, turnHigh);
      low = f32x4.add(low, f32x4.mul(valuesLow, factorLow));
      high = f32x4.add(high, f32x4.mul(valuesHigh, factorHigh));
      keptLow = f32x4.add(keptLow, f32x4.mul(weight, factorLow));
      keptHigh = f32x4.add(keptHigh, f32x4.mul(weight, factorHigh));
    }
    v128.store(out + at, low);
    v128.store(out + at, high, 16);
    v128.store(divisor + at, keptLow);
    v128.store(divisor + at, keptHigh, 16);
  }
}

/** Multiplies by 0 the values that do not agree. */
export function keepAgreeing(values: usize, majority: usize, length: i32): void {
  for (const end = values + (<usize>length << 2); values < end; values += 16, majority += 16) {
    const own = v128.load(values);
    v128.store(values, f32x4.mul(own, agreement(own, turned(v128.load(majority)))));
  }
}

/** Signs to turn, so that what agrees is above 0: those where the majority is negative. */
@inline
function turned(majority: v128): v128 {
  return v128.andnot(lanes(SIGN), f32x4.ge(majority, f32x4.splat(0)));
}

/** 1 where a value agrees, else 0. */
@inline
function agreement(values: v128, turn: v128): v128 {
  return v128.and(f32x4.gt(v128.xor(values, turn), f32x4.splat(0)), lanes(ONE));
}

/** out = Σ (row − mean)² / count by Welford's recurrence in float64. */
export function variance(rows: usize, count: i32, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  const last = rows + (<usize>count << 2);
  const members = f64x2.splat(<f64>count);
  for (let at: usize = 0; out < end; at += 16, out += 16) {
    let meanLow = f64x2.splat(0);
    let meanHigh = f64x2.splat(0);
    let squaresLow = f64x2.splat(0);
    let squaresHigh = f64x2.splat(0);
    let met = f64x2.splat(0);
    for (let row = rows; row < last; row += 4) {
      met = f64x2.add(met, f64x2.splat(1));
      const four = v128.load(load<usize>(row) + at);
      const low = f64x2.promote_low_f32x4(four);
      const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3));
      const offLow = f64x2.sub(low, meanLow);
      const offHigh = f64x2.sub(high, meanHigh);
      meanLow = f64x2.add(meanLow, f64x2.div(offLow, met));
      meanHigh = f64x2.add(meanHigh, f64x2.div(offHigh, met));
      squaresLow = f64x2.add(squaresLow, f64x2.mul(offLow, f64x2.sub(low, meanLow)));
      squaresHigh = f64x2.add(squaresHigh, f64x2.mul(offHigh, f64x2.sub(high, meanHigh)));
    }
    const low = f32x4.demote_f64x2_zero(f64x2.div(squaresLow, members));
    const high = f32x4.demote_f64x2_zero(f64x2.div(squaresHigh, members));
    v128.store(out, v128.shuffle<i64>(low, high, 0, 2));
  }
}
