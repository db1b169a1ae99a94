/** A pair of 32-bit words: a key, a counter, or what Threefry makes of them. */
export type WordPair = readonly [number, number];

/** Key schedule's third word (Skein's parity constant). */
const PARITY = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): two random words for
 * a counter, the same on every machine. `out` receives them.
 */
export function threefry(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const k2 = PARITY ^ k0 ^ k1;
  let a = (c0 + k0) | 0;
  let b = (c1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    const odd = group & 1;
    a = (a + b) | 0;
    b = rotate(b, odd ? 17 : 13) ^ a;
    a = (a + b) | 0;
    b = rotate(b, odd ? 29 : 15) ^ a;
    a = (a + b) | 0;
    b = rotate(b, odd ? 16 : 26) ^ a;
    a = (a + b) | 0;
    b = rotate(b, odd ? 24 : 6) ^ a;
    const turn = group % 3;
    a = (a + (turn === 0 ? k1 : turn === 1 ? k2 : k0)) | 0;
    b = (b + (turn === 0 ? k2 : turn === 1 ? k0 : k1) + group + 1) | 0;
  }
  out[0] = a;
  out[1] = b;
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

const words = new Uint32Array(2);

/** A key for a text: each eight bytes of its UTF-8 are enciphered under the key so far, and added to it bit by bit. */
export function textKey(text: string): WordPair {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint32Array(2 * Math.ceil((bytes.length + 1) / 8));
  new Uint8Array(padded.buffer).set([...bytes, 0x80]);
  let key: WordPair = [bytes.length, 0];
  for (let i = 0; i < padded.length; i += 2) {
    threefry(key[0], key[1], padded[i]!, padded[i + 1]!, words);
    key = [(words[0]! ^ padded[i]!) >>> 0, (words[1]! ^ padded[i + 1]!) >>> 0];
  }
  return key;
}

/** See `BlockOps.randomBits`. */
export function randomBits(
  key: WordPair,
  from: number,
  count: number,
  threshold: number,
  bits: Uint8Array,
): void {
  for (let i = from; i < from + count; i++) {
    if (randomWord(key, i) < threshold) bits[i >>> 3]! |= 1 << (i & 7);
  }
}

/** See `BlockOps.rankedBits`. */
export function rankedBits(
  key: WordPair,
  from: number,
  ranks: Uint32Array,
  thresholds: Uint32Array,
  bits: Uint8Array,
): void {
  for (let r = 0; r < ranks.length; r++) {
    const i = from + r;
    if (randomWord(key, i) < thresholds[ranks[r]!]!) bits[i >>> 3]! |= 1 << (i & 7);
  }
}

/** Word i of a key's stream: word i mod 2 of counter (⌊i/2⌋ mod 2³², ⌊i/2³³⌋). */
export function randomWord(key: WordPair, i: number): number {
  const counter = Math.floor(i / 2);
  threefry(key[0], key[1], counter | 0, Math.floor(counter / 2 ** 32), words);
  return words[i % 2]!;
}
