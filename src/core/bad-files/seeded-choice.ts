import { seededRandom } from "../seeded-random";

/** Draws of one seed: equal seeds give equal mutations everywhere. */
export class SeededChoice {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** A whole number from 0 to `limit` − 1; 0 where the limit is 0. */
  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.random() < p;
  }

  one<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined && list.length === 0) throw new RangeError("SeededChoice: an empty list");
    return chosen as T;
  }
}
