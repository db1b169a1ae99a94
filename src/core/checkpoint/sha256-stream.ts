const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
};
const fraction = (x: number): number => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
const K = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));
const START = Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));

/** SHA-256 of bytes that come piece by piece. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** Lower-case hex. Ends the stream. */
  digest(): string;
}

/** Takes `blocks` blocks of 64 bytes, from `at` on, into the eight words of a state. */
export type Compress = (state: Int32Array, bytes: Uint8Array, at: number, blocks: number) => void;

/**
 * SHA-256 of FIPS 180-4, fed piece by piece: Web Crypto digests only what lies in memory in whole. `compress` may do the work
 * elsewhere.
 */
export class Sha256Stream implements Hasher {
  private readonly state = START.slice();
  private readonly block = new Uint8Array(64);
  private filled = 0;
  private total = 0;

  constructor(private readonly compress: Compress = compressBlocks) {}

  update(bytes: Uint8Array): void {
    this.total += bytes.length;
    let at = 0;
    if (this.filled > 0) {
      const part = bytes.subarray(0, 64 - this.filled);
      this.block.set(part, this.filled);
      this.filled += part.length;
      at = part.length;
      if (this.filled < 64) return;
      this.compress(this.state, this.block, 0, 1);
    }
    const blocks = Math.floor((bytes.length - at) / 64);
    this.compress(this.state, bytes, at, blocks);
    at += 64 * blocks;
    const rest = bytes.subarray(at);
    this.block.set(rest);
    this.filled = rest.length;
  }

  digest(): string {
    const bits = BigInt(this.total) * 8n;
    const tail = new Uint8Array((this.filled < 56 ? 64 : 128) - this.filled);
    tail[0] = 0x80;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, bits);
    this.update(tail);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

const w = new Int32Array(64);

function compressBlocks(state: Int32Array, bytes: Uint8Array, at: number, blocks: number): void {
  for (let block = 0; block < blocks; block++) compressBlock(state, bytes, at + 64 * block);
}

function compressBlock(state: Int32Array, bytes: Uint8Array, at: number): void {
  for (let t = 0, i = at; t < 16; t++, i += 4)
    w[t] = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (w[t - 16]! + s0 + w[t - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t]! + w[t]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}
