/** The signs of a block of float32 as bits, 32 values a word: which are not 0, and which of any are negative. */
export interface SignBits {
  readonly nonZero: Int32Array;
  readonly negative: Int32Array;
}

export function signBits(capacity: number): SignBits {
  const words = Math.ceil(capacity / 32);
  return { nonZero: new Int32Array(words), negative: new Int32Array(words) };
}

/** Fills the bits from values without NaN; bits beyond them become 0. */
export function setSigns({ nonZero, negative }: SignBits, values: Float32Array): void {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let m = 0, from = 0; m < nonZero.length; m++, from += 32) {
    const to = Math.min(from + 32, words.length);
    let some = 0;
    let below = 0;
    for (let i = from; i < to; i++) {
      const word = words[i]!;
      const magnitude = word << 1;
      some = (some << 1) | ((magnitude | (0 - magnitude)) >>> 31);
      below = (below << 1) | (word >>> 31);
    }
    nonZero[m] = some;
    negative[m] = below;
  }
}

/** Positions where neither block is 0, and those of them where the signs are equal. */
export function countSigns(a: SignBits, b: SignBits): { readonly both: number; readonly equal: number } {
  let both = 0;
  let equal = 0;
  for (let m = 0; m < a.nonZero.length; m++) {
    const common = a.nonZero[m]! & b.nonZero[m]!;
    both += ones(common);
    equal += ones(common & ~(a.negative[m]! ^ b.negative[m]!));
  }
  return { both, equal };
}

/** Bits of a 32-bit word that are 1. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
