const SIZE = 624;
const SHIFT = 397;

/** CPython's random.Random for integer seeds: MT19937 (Matsumoto and Nishimura 1998) seeded by its array method. */
export class PythonRandom {
  private readonly state = new Uint32Array(SIZE);
  private index = SIZE;

  /** `seed` is an integer within 2⁵³; its sign does not count. */
  constructor(seed: number) {
    const whole = Math.abs(seed);
    const high = Math.floor(whole / 2 ** 32);
    this.seedByArray(high > 0 ? [whole >>> 0, high] : [whole >>> 0]);
  }

  /** 53 bits in [0, 1). */
  random(): number {
    const a = this.next() >>> 5;
    const b = this.next() >>> 6;
    return (a * 67_108_864 + b) / 9_007_199_254_740_992;
  }

  /** Uniform below n, 1 ≤ n < 2³². */
  below(n: number): number {
    const bits = 32 - Math.clz32(n);
    for (;;) {
      const drawn = this.next() >>> (32 - bits);
      if (drawn < n) return drawn;
    }
  }

  /** random.sample(population, k): k different positions of it, in the order drawn. */
  sample<T>(population: readonly T[], k: number): T[] {
    const n = population.length;
    if (k > n) throw new RangeError("the sample is larger than the population");
    const small = k > 5 ? 21 + 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 21;
    if (n <= small) {
      const pool = [...population];
      return Array.from({ length: k }, (_, i) => {
        const j = this.below(n - i);
        const drawn = pool[j]!;
        pool[j] = pool[n - i - 1]!;
        return drawn;
      });
    }
    const taken = new Set<number>();
    return Array.from({ length: k }, () => {
      let j = this.below(n);
      while (taken.has(j)) j = this.below(n);
      taken.add(j);
      return population[j]!;
    });
  }

  private next(): number {
    if (this.index >= SIZE) this.twist();
    let y = this.state[this.index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private twist(): void {
    const s = this.state;
    for (let i = 0; i < SIZE; i++) {
      const y = (s[i]! & 0x80000000) | (s[(i + 1) % SIZE]! & 0x7fffffff);
      s[i] = s[(i + SHIFT) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }

  private seedByArray(key: readonly number[]): void {
    const s = this.state;
    s[0] = 19_650_218;
    for (let i = 1; i < SIZE; i++) s[i] = Math.imul(1_812_433_253, s[i - 1]! ^ (s[i - 1]! >>> 30)) + i;
    let i = 1;
    let j = 0;
    const step = () => {
      if (++i >= SIZE) {
        s[0] = s[SIZE - 1]!;
        i = 1;
      }
    };
    for (let k = Math.max(SIZE, key.length); k > 0; k--) {
      s[i] = (s[i]! ^ Math.imul(s[i - 1]! ^ (s[i - 1]! >>> 30), 1_664_525)) + key[j]! + j;
      step();
      j = (j + 1) % key.length;
    }
    for (let k = SIZE - 1; k > 0; k--) {
      s[i] = (s[i]! ^ Math.imul(s[i - 1]! ^ (s[i - 1]! >>> 30), 1_566_083_941)) - i;
      step();
    }
    s[0] = 0x80000000;
  }
}
