// SHA-256's compression function (FIPS 180-4).

const K = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
], 16);
const words = memory.data(256, 16);

/** Takes `blocks` blocks of 64 bytes into the eight words at `state`. */
export function sha256(state: usize, bytes: usize, blocks: i32): void {
  for (; blocks > 0; blocks--, bytes += 64) {
    schedule(bytes);
    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    let f = load<u32>(state, 20);
    let g = load<u32>(state, 24);
    let h = load<u32>(state, 28);
    for (let t: usize = 0; t < 256; t += 32) {
      let x = first(e, f, g, h, words + t);
      d += x;
      h = x + second(a, b, c);
      x = first(d, e, f, g, words + t + 4);
      c += x;
      g = x + second(h, a, b);
      x = first(c, d, e, f, words + t + 8);
      b += x;
      f = x + second(g, h, a);
      x = first(b, c, d, e, words + t + 12);
      a += x;
      e = x + second(f, g, h);
      x = first(a, b, c, d, words + t + 16);
      h += x;
      d = x + second(e, f, g);
      x = first(h, a, b, c, words + t + 20);
      g += x;
      c = x + second(d, e, f);
      x = first(g, h, a, b, words + t + 24);
      f += x;
      b = x + second(c, d, e);
      x = first(f, g, h, a, words + t + 28);
      e += x;
      a = x + second(b, c, d);
    }
    add(state, a);
    add(state + 4, b);
    add(state + 8, c);
    add(state + 12, d);
    add(state + 16, e);
    add(state + 20, f);
    add(state + 24, g);
    add(state + 28, h);
  }
}

/** The 64 words of a block, each with its constant added, four at a time. */
@inline
function schedule(bytes: usize): void {
  let w0 = bigEndian(v128.load(bytes));
  let w1 = bigEndian(v128.load(bytes, 16));
  let w2 = bigEndian(v128.load(bytes, 32));
  let w3 = bigEndian(v128.load(bytes, 48));
  for (let t: usize = 0; t < 192; t += 64) {
    put(w0, t);
    put(w1, t + 16);
    put(w2, t + 32);
    put(w3, t + 48);
    w0 = next(w0, w1, w2, w3);
    w1 = next(w1, w2, w3, w0);
    w2 = next(w2, w3, w0, w1);
    w3 = next(w3, w0, w1, w2);
  }
  put(w0, 192);
  put(w1, 208);
  put(w2, 224);
  put(w3, 240);
}

@inline
function bigEndian(x: v128): v128 {
  return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

@inline
function put(w: v128, t: usize): void {
  v128.store(words + t, i32x4.add(w, v128.load(K + t)));
}

/** The four words that follow on sixteen. Words 2 and 3 depend on words 0 and 1. */
@inline
function next(w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const x = v128.shuffle<i32>(w0, w1, 1, 2, 3, 4);
  const half = i32x4.add(i32x4.add(w0, v128.shuffle<i32>(w2, w3, 1, 2, 3, 4)), sigma0(x));
  const zero = i32x4.splat(0);
  const low = i32x4.add(half, sigma1(v128.shuffle<i32>(w3, zero, 2, 3, 4, 5)));
  return i32x4.add(low, sigma1(v128.shuffle<i32>(zero, low, 0, 1, 4, 5)));
}

@inline
function sigma0(x: v128): v128 {
  const seven = v128.or(i32x4.shr_u(x, 7), i32x4.shl(x, 25));
  const eighteen = v128.or(i32x4.shr_u(x, 18), i32x4.shl(x, 14));
  return v128.xor(v128.xor(seven, eighteen), i32x4.shr_u(x, 3));
}

@inline
function sigma1(x: v128): v128 {
  const seventeen = v128.or(i32x4.shr_u(x, 17), i32x4.shl(x, 15));
  const nineteen = v128.or(i32x4.shr_u(x, 19), i32x4.shl(x, 13));
  return v128.xor(v128.xor(seventeen, nineteen), i32x4.shr_u(x, 10));
}

@inline
function first(e: u32, f: u32, g: u32, h: u32, word: usize): u32 {
  const s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
  return h + s1 + (g ^ (e & (f ^ g))) + load<u32>(word);
}

@inline
function second(a: u32, b: u32, c: u32): u32 {
  const s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
  return s0 + ((a & b) | (c & (a | b)));
}

@inline
function add(word: usize, value: u32): void {
  store<u32>(word, load<u32>(word) + value);
}
