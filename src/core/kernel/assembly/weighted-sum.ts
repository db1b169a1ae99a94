import { finish, place } from "./group";
import { bf16High, bf16Low } from "./half";
import { firstProduct, multiplyAdd } from "./multiply-add";

// Σ wᵢ xᵢ of `count` > 0 inputs over `length` elements into float32, one multiply-add after the other from 0 on, divided by
// `divisor` where that is not 1. `inputs` points to `count` addresses, `weights` to as many float32. Up to 60 bytes beyond
// each input are read, and ignored.

export function weightedSumBF16(inputs: usize, weights: usize, count: i32, length: i32, out: usize, divisor: f32): void {
  const end = out + (<usize>length << 2);
  const last = <usize>count << 2;
  for (let at: usize = 0; out < end; at += 32, out += 64) {
    let input = load<usize>(inputs) + at;
    let weight = v128.load32_splat(weights);
    let first = v128.load(input);
    let second = v128.load(input, 16);
    let a = firstProduct(bf16Low(first), weight);
    let b = firstProduct(bf16High(first), weight);
    let c = firstProduct(bf16Low(second), weight);
    let d = firstProduct(bf16High(second), weight);
    for (let k: usize = 4; k < last; k += 4) {
      input = load<usize>(inputs + k) + at;
      weight = v128.load32_splat(weights + k);
      first = v128.load(input);
      second = v128.load(input, 16);
      a = multiplyAdd(bf16Low(first), weight, a);
      b = multiplyAdd(bf16High(first), weight, b);
      c = multiplyAdd(bf16Low(second), weight, c);
      d = multiplyAdd(bf16High(second), weight, d);
    }
    put(a, b, c, d, divisor, out, end);
  }
}

export function weightedSumF32(inputs: usize, weights: usize, count: i32, length: i32, out: usize, divisor: f32): void {
  const end = out + (<usize>length << 2);
  const last = <usize>count << 2;
  for (let at: usize = 0; out < end; at += 64, out += 64) {
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
    put(a, b, c, d, divisor, out, end);
  }
}

@inline
function put(a: v128, b: v128, c: v128, d: v128, divisor: f32, out: usize, end: usize): void {
  if (divisor != 1) {
    const by = f32x4.splat(divisor);
    a = f32x4.div(a, by);
    b = f32x4.div(b, by);
    c = f32x4.div(c, by);
    d = f32x4.div(d, by);
  }
  const to = place(out, 64, end);
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
  finish(out, 64, end);
}
