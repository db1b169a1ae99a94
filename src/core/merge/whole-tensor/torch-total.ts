import type { BlockOps, Precision } from "../block-ops";
import { roundTo } from "../rounding";
import { torchSum } from "../torch-sum";

/** Float32 numbers that torch adds side by side: four strands of eight. */
const WIDTH = 32;
const LEVELS = 4;

/**
 * Σ x of a row of `length` values as torch 2.13 adds it on a CPU with one thread: 32 running sums, of which every 16 steps (32
 * above 2²⁵ values) join a second level, and so on. In 16 bits the sum is float64, which rounds to the same but for rare
 * cases in the middle between two numbers.
 */
export class TorchTotal {
  private readonly levels = Array.from({ length: LEVELS }, () => new Float32Array(WIDTH));
  private readonly power: number;
  private chunks = 0;
  private rest = new Float32Array(0);
  private wide = 0;

  constructor(
    private readonly ops: BlockOps,
    private readonly stored: Precision,
    length: number,
  ) {
    const rows = Math.max(1, Math.floor(length / WIDTH));
    this.power = Math.max(4, Math.floor((32 - Math.clz32(rows - 1)) / LEVELS));
  }

  /** Blocks come in order; all but the last one hold a multiple of 1024 values. */
  add(block: Float32Array): void {
    if (this.stored !== "float32") {
      this.wide += this.ops.sum(block);
      return;
    }
    const rows = 2 ** this.power;
    const count = Math.floor(block.length / WIDTH / rows);
    const whole = count * WIDTH * rows;
    const sums = new Float32Array(WIDTH * count);
    if (count > 0) this.ops.sumChunks(block.subarray(0, whole), rows, sums);
    for (let c = 0; c < count; c++) this.join(sums.subarray(WIDTH * c, WIDTH * (c + 1)));
    this.rest = block.slice(whole);
  }

  /** Rounded to the type of x. */
  value(): number {
    if (this.stored !== "float32") return roundTo(this.wide, this.stored);
    const { rest } = this;
    if (this.chunks === 0 && rest.length < 8) return torchSum([...rest]);
    const rows = rest.length - (rest.length % WIDTH);
    const sums = new Float32Array(WIDTH);
    for (let i = 0; i < rows; i++) sums[i % WIDTH]! += rest[i]!;
    for (const level of this.levels.slice(1)) for (let l = 0; l < WIDTH; l++) sums[l]! += level[l]!;
    const vectors = rest.length - (rest.length % 8);
    for (let i = rows; i < vectors; i++) sums[i % 8]! += rest[i]!;
    const lanes = sums.slice(0, 8);
    for (let l = 8; l < WIDTH; l++) lanes[l % 8]! += sums[l]!;
    let total = 0;
    for (const x of rest.subarray(vectors)) total = Math.fround(total + x);
    for (const lane of lanes) total = Math.fround(total + lane);
    return total;
  }

  /** A chunk's sums join the second level; that one the third after 2^power of them. */
  private join(sums: Float32Array): void {
    this.chunks++;
    let from = sums;
    for (let level = 1, every = 1; level < LEVELS; level++, every *= 2 ** this.power) {
      const to = this.levels[level]!;
      for (let l = 0; l < WIDTH; l++) to[l]! += from[l]!;
      from.fill(0);
      from = to;
      if (this.chunks % (every * 2 ** this.power) !== 0) break;
    }
  }
}
