import type { KernelExports } from "./kernel-module";

/** Most rows or inputs of one call. */
export const MOST_INPUTS = 1024;
/** Bytes for stored values and bits that lie elsewhere. */
export const RAW_BYTES = 128 * 2 ** 10;
/** Bytes for float32 that lie elsewhere. */
export const STAGE_BYTES = 2 * 2 ** 20;
/** Elements of the longest loop's step. */
const GROUP = 32;
/** Stored values of a group may be read to its end. */
const MARGIN = 8 * GROUP;

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
   * Calls `work` with the addresses of `read` and then of `write`, all equally long: in one piece where all of them lie in
   * this memory, else piece by piece on copies. Lengths are multiples of `group`: a rest is a piece by itself, with anything
   * behind it.
   */
  over(
    read: readonly Float32Array[],
    write: readonly Float32Array[],
    work: Work,
    { longest = Number.POSITIVE_INFINITY, group = GROUP } = {},
  ): void {
    const operands = [...read, ...write];
    const homes = operands.map((operand) => this.addressOf(operand));
    const { length } = operands[0]!;
    const whole = length - (length % group);
    const home = homes.every((address) => address >= 0);
    const slot = Math.floor(STAGE_BYTES / operands.length / 256) * 256;
    const piece = Math.min(home ? Number.POSITIVE_INFINITY : slot / 4, longest);
    const onCopies = (from: number, to: number): void => {
      // An operand that is read and written has one copy.
      const at = operands.map((operand) => this.stage + slot * operands.indexOf(operand));
      const copies = at.map((address) => this.floats(address, to - from));
      for (const [i, operand] of read.entries()) copies[i]!.set(operand.subarray(from, to));
      work(Math.ceil((to - from) / group) * group, from, ...at);
      for (const [j, operand] of write.entries()) operand.set(copies[read.length + j]!, from);
    };
    for (let from = 0; from < whole; from += piece) {
      const to = Math.min(from + piece, whole);
      if (home) work(to - from, from, ...homes.map((address) => address + 4 * from));
      else onCopies(from, to);
    }
    if (whole < length) onCopies(whole, length);
  }
}

const align = (address: number): number => Math.ceil(address / 64) * 64;
