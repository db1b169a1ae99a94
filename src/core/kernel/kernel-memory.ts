import type { KernelExports } from "./kernel-module";

/** Most rows or inputs of one call. */
export const MOST_INPUTS = 1024;
/** Bytes for stored values and bits that lie elsewhere. */
export const RAW_BYTES = 128 * 2 ** 10;
/** Bytes for float32 that lie elsewhere. */
export const STAGE_BYTES = 2 * 2 ** 20;
/** The kernel reads up to 60 bytes beyond its operands. */
const MARGIN = 64;

/** Reads and writes of the operands at some addresses, `length` elements from `from` on. */
type Work = (length: number, from: number, ...at: number[]) => void;

/** How a kernel's memory is divided up: constants, lists, places for operands from elsewhere, and blocks up to its end. */
export class KernelMemory {
  readonly bytes: Uint8Array;
  /** Addresses of inputs, and their weights. */
  readonly addresses: Uint32Array;
  readonly weights: Float32Array;
  readonly strands: Float64Array;
  /** Address of RAW_BYTES, used within one call, as is STAGE_BYTES. */
  readonly raw: number;
  readonly stage: number;
  private readonly blocks: number;
  private free: number;

  constructor({ memory, heap }: KernelExports) {
    const { buffer } = memory;
    this.bytes = new Uint8Array(buffer);
    let at = align(Number(heap.value));
    const take = (bytes: number): number => {
      const start = at;
      at = align(at + bytes);
      return start;
    };
    this.addresses = new Uint32Array(buffer, take(4 * MOST_INPUTS), MOST_INPUTS);
    this.weights = new Float32Array(buffer, take(4 * MOST_INPUTS), MOST_INPUTS);
    this.strands = new Float64Array(buffer, take(32), 4);
    this.raw = take(RAW_BYTES + MARGIN);
    this.stage = take(STAGE_BYTES + MARGIN);
    this.blocks = at;
    this.free = at;
  }

  /** `length` elements of four bytes until `release`; −1 where no such place is left. */
  take(length: number): number {
    const start = this.free;
    const next = align(start + 4 * length);
    if (next + MARGIN > this.bytes.length) return -1;
    this.free = next;
    return start;
  }

  release(): void {
    this.free = this.blocks;
  }

  /** Address of an array in this memory, −1 for one elsewhere. */
  addressOf({ buffer, byteOffset }: ArrayBufferView): number {
    return buffer === this.bytes.buffer ? byteOffset : -1;
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.bytes.buffer, address, length);
  }

  /** Address of bytes [from, to), which are copied to `place` when they lie elsewhere. */
  bring(bytes: Uint8Array, from: number, to: number, place: number): number {
    const own = this.addressOf(bytes);
    if (own >= 0) return own + from;
    this.bytes.set(bytes.subarray(from, to), place);
    return place;
  }

  /**
   * Calls `work` with the addresses of `read` and then of `write`, all equally long, once where all of them lie in this memory,
   * else for pieces copied in and out. Pieces are no longer than `longest`, and all but the last a multiple of 16 elements.
   */
  over(
    read: readonly Float32Array[],
    write: readonly Float32Array[],
    work: Work,
    longest = Number.POSITIVE_INFINITY,
  ): void {
    const operands = [...read, ...write];
    const homes = operands.map((operand) => this.addressOf(operand));
    const { length } = operands[0]!;
    const slot = Math.floor(STAGE_BYTES / operands.length / 64) * 64;
    const piece = Math.min(homes.every((home) => home >= 0) ? Number.POSITIVE_INFINITY : slot / 4, longest);
    for (let from = 0; from < length; from += piece) {
      const to = Math.min(from + piece, length);
      const at = homes.map((home, i) =>
        home >= 0 ? home + 4 * from : this.stage + slot * operands.indexOf(operands[i]!),
      );
      for (const [i, operand] of read.entries())
        if (homes[i]! < 0) this.floats(at[i]!, to - from).set(operand.subarray(from, to));
      work(to - from, from, ...at);
      for (const [j, operand] of write.entries()) {
        const i = read.length + j;
        if (homes[i]! < 0) operand.set(this.floats(at[i]!, to - from), from);
      }
    }
  }
}

const align = (address: number): number => Math.ceil(address / 64) * 64;
