import { encodeBF16 } from "./encode";
import { bf16High, bf16Low } from "./half";
import { firstProduct, multiplyAdd } from "./multiply-add";

// Σ wᵢ xᵢ of `count` > 0 inputs over `length` elements, a multiple of 32, into float32, one multiply-add after the other from
// 0 on, divided by `divisor` where that is not 1. `inputs` points to `count` addresses, `weights` to as many float32.

export function weightedSumBF16(inputs: usize, weights: usize, count: i32, length: i32, out: usize, divisor: f32): void {
  sumBF16(inputs, weights, count, 0, length, out, divisor);
}

const CHUNK: i32 = 1024;
const sums = memory.data(4 * CHUNK, 64);

/** The same, rounded to BF16. */
export function weightedSumToBF16(inputs: usize, weights: usize, count: i32, length: i32, out: usize, divisor: f32): void {
  for (let from = 0; from < length; from += CHUNK, out += 2 * CHUNK) {
    const to = min(from + CHUNK, length);
    sumBF16(inputs, weights, count, from, to, sums, divisor);
    encodeBF16(sums, to - from, out);
  }
}

/** Of elements [from, to). */
function sumBF16(inputs: usize, weights: usize, count: i32, from: i32, to: i32, out: usize, divisor: f32): void {
  const last = <usize>count << 2;
  const end = <usize>to << 1;
  for (let at = <usize>from << 1; at < end; at += 64, out += 128) {
    let input = load<usize>(inputs) + at;
    let weight = v128.load32_splat(weights);
    let raw = v128.load(input);
    let a = firstProduct(bf16Low(raw), weight);
    let b = firstProduct(bf16High(raw), weight);
    raw = v128.load(input, 16);
    let c = firstProduct(bf16Low(raw), weight);
    let d = firstProduct(bf16High(raw), weight);
    raw = v128.load(input, 32);
    let e = firstProduct(bf16Low(raw), weight);
    let f = firstProduct(bf16High(raw), weight);
    raw = v128.load(input, 48);
    let g = firstProduct(bf16Low(raw), weight);
    let h = firstProduct(bf16High(raw), weight);
    for (let k: usize = 4; k < last; k += 4) {
      input = load<usize>(inputs + k) + at;
      weight = v128.load32_splat(weights + k);
      raw = v128.load(input);
      a = multiplyAdd(bf16Low(raw), weight, a);
      b = multiplyAdd(bf16High(raw), weight, b);
      raw = v128.load(input, 16);
      c = multiplyAdd(bf16Low(raw), weight, c);
      d = multiplyAdd(bf16High(raw), weight, d);
      raw = v128.load(input, 32);
      e = multiplyAdd(bf16Low(raw), weight, e);
      f = multiplyAdd(bf16High(raw), weight, f);
      raw = v128.load(input, 48);
      g = multiplyAdd(bf16Low(raw), weight, g);
      h = multiplyAdd(bf16High(raw), weight, h);
    }
    put(a, b, c, d, divisor, out);
    put(e, f, g, h, divisor, out + 64);
  }
}

export function weightedSumF32(inputs: usize, weights: usize, count: i32, length: i32, out: usize, divisor: f32): void {
  const last = <usize>count << 2;
  const size = <usize>length << 2;
  for (let at: usize = 0; at < size; at += 64) {
    let input = load<usize>(inputs) + at;
    let weight = v128.load32_splat(weights);
    let a = firstProduct(v128.load(input), weight);
    let b = firstProduct(v128.load(input, 16), weight);
    let c = firstProduct(v128.load(input, 32), weight);
    let d = firstProduct(v128.load(input, 48), weight);
    for (let k: usize = 4; k < last; k += 4) {
      input = load<usize>(inputs + k) + at;
      weight = v128.load32_splat(weights + k);
      a = multiplyAdd(v128.load(input), weight, a);
      b = multiplyAdd(v128.load(input, 16), weight, b);
      c = multiplyAdd(v128.load(input, 32), weight, c);
      d = multiplyAdd(v128.load(input, 48), weight, d);
    }
    put(a, b, c, d, divisor, out + at);
  }
}

@inline
function put(a: v128, b: v128, c: v128, d: v128, divisor: f32, out: usize): void {
  if (divisor != 1) {
    const by = f32x4.splat(divisor);
    a = f32x4.div(a, by);
    b = f32x4.div(b, by);
    c = f32x4.div(c, by);
    d = f32x4.div(d, by);
  }
  v128.store(out, a);
  v128.store(out, b, 16);
  v128.store(out, c, 32);
  v128.store(out, d, 48);
}
