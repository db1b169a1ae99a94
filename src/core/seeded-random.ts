/** A source of uniform numbers in [0, 1), as d3-random's `.source()` takes it. */
export type RandomSource = () => number;

/**
 * Seeded xoshiro128** (Blackman and Vigna, 2018), 53 random bits a draw: equal seeds give equal streams on every
 * engine, because only 32-bit integer operations are used. The seed may be any integer up to 2⁵³.
 */
export function seededRandom(seed: number): RandomSource {
  const mix = splitMix(seed);
  let a = mix();
  let b = mix();
  let c = mix();
  let d = mix() | 1;
  const next = (): number => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
}

/** A seed for one of several streams of the same seed, for example one a round. */
export function childSeed(seed: number, stream: number): number {
  const mix = splitMix(seed);
  return (mix() ^ Math.imul(stream + 1, 0x9e3779b1)) >>> 0;
}

/** 32-bit seed expander with murmur3's finaliser. */
function splitMix(seed: number): () => number {
  let state = (Math.floor(seed) ^ Math.floor(seed / 4_294_967_296)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
}
