// Over `length` elements, a multiple of 4, of `count` rows of float32, whose addresses are at `rows`.

const ONE = memory.data<f32>([1]);

/** out = row₀ + row₁ + …, from +0 on. */
export function sumRows(rows: usize, count: i32, length: i32, out: usize): void {
  const end = out + (<usize>length << 2);
  const last = rows + (<usize>count << 2);
  for (let at: usize = 0; out < end; at += 16, out += 16) {
    let sum = f32x4.splat(0);
    for (let row = rows; row < last; row += 4) sum = f32x4.add(sum, v128.load(load<usize>(row) + at));
    v128.store(out, sum);
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
  const end = out + (<usize>length << 2);
  const last = <usize>count << 2;
  const zero = f32x4.splat(0);
  for (let at: usize = 0; out < end; at += 16, out += 16, divisor += 16) {
    const positive = f32x4.ge(v128.load(majority + at), zero);
    let sum = zero;
    let kept = zero;
    for (let k: usize = 0; k < last; k += 4) {
      const value = v128.load(load<usize>(rows + k) + at);
      const agrees = v128.bitselect(f32x4.gt(value, zero), f32x4.lt(value, zero), positive);
      const factor = v128.and(agrees, v128.load32_splat(ONE));
      sum = f32x4.add(sum, f32x4.mul(value, factor));
      kept = f32x4.add(kept, f32x4.mul(v128.load32_splat(weights + k), factor));
    }
    v128.store(out, sum);
    v128.store(divisor, kept);
  }
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
