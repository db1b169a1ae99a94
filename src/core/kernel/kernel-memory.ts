import type { KernelExports } from "./kernel-module";

/** Most rows or inputs of one call. */
export const MOST_INPUTS = 1024;
/** Bytes for stored values and bits that lie elsewhere. */
export const RAW_BYTES = 128 * 2 ** 10;
/** Bytes for float32 that lie elsewhere. */
export const STAGE_BYTES = 2 * 2 ** 20;
/** Of the machine's memory. */
export const PAGE = 4096;
const WASM_PAGE = 65_536;
/** Elements of the longest loop's step. */
export const GROUP = 32;
/** Stored values of a group may be read to its end. */
export const MARGIN = 8 * GROUP;

/** Works on operands at some addresses, `length` elements from `from` on. */
type Work = (length: number, at: readonly number[], from: number) => void;

/** How a kernel's memory is divided up: constants, lists, places for operands from elsewhere, and blocks up to its end. */
export class KernelMemory {
  readonly bytes: Uint8Array;
  private readonly buffer: ArrayBufferLike;
  /** Addresses of inputs, and their weights. */
  readonly addresses: Uint32Array;
  readonly weights: Float32Array;
  readonly strands: Float64Array;
  /** Address of RAW_BYTES, used within one call, as is STAGE_BYTES. */
  readonly raw: number;
  readonly stage: number;
  /** Where blocks end and the reserved bytes begin. */
  readonly end: number;
  private readonly blocks: number;
  private free: number;

  /** Grows the memory by `reserved` bytes, which it leaves alone. */
  constructor({ memory, heap }: KernelExports, reserved = 0) {
    this.end = memory.buffer.byteLength;
    if (reserved > 0) memory.grow(Math.ceil(reserved / WASM_PAGE));
    const { buffer } = memory;
    this.buffer = buffer;
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
    this.raw = take(RAW_BYTES + PAGE + MARGIN);
    this.stage = take(STAGE_BYTES + MARGIN);
    this.blocks = at;
    this.free = at;
  }

  /** `length` elements of four bytes until `release`; −1 where no such place is left. */
  take(length: number): number {
    const start = this.free;
    const next = align(start + 4 * length);
    if (next + MARGIN > this.end) return -1;
    this.free = next;
    return start;
  }

  release(): void {
    this.free = this.blocks;
  }

  /** Address of an array in this memory, −1 for one elsewhere. */
  addressOf({ buffer, byteOffset }: ArrayBufferView): number {
    return buffer === this.buffer ? byteOffset : -1;
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.buffer, address, length);
  }

  /**
   * Address of bytes [from, to), which are copied when they lie elsewhere: to `place` for a `share` of null, else up to PAGE
   * behind it, see `apart`.
   */
  bring(bytes: Uint8Array, from: number, to: number, place: number, share: number | null = 0.5): number {
    const own = this.addressOf(bytes);
    if (own >= 0) return own + from;
    const at = share === null ? place : this.apart(bytes.byteOffset + from, place, share);
    this.bytes.set(bytes.subarray(from, to), at);
    return at;
  }

  /**
   * An address from `place` on whose offset in a page is between an eighth and seven eighths of a page, as `share` says, beyond
   * that of `offset` in another buffer. With a little difference copies between the two take up to six times as long (AMD
   * processors, glibc bug 30994); buffers begin within 64 bytes of a page.
   */
  apart(offset: number, place: number, share = 0.5): number {
    const wanted = offset + (0.125 + 0.75 * share) * PAGE - place;
    return align(place + (((wanted % PAGE) + PAGE) % PAGE) - 63);
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
    longest: number = Number.POSITIVE_INFINITY,
    group: number = GROUP,
  ): void {
    const operands = read.concat(write);
    const { length } = operands[0]!;
    const homes: number[] = [];
    for (const operand of operands) homes.push(this.addressOf(operand));
    const whole = length - (length % group);
    if (!homes.includes(-1)) {
      if (whole <= longest) {
        if (whole > 0) work(whole, homes, 0);
      } else {
        for (let from = 0; from < whole; from += longest) {
          const at = homes.map((address) => address + 4 * from);
          work(Math.min(longest, whole - from), at, from);
        }
      }
      if (whole < length) this.onCopies(read, write, whole, length, work, group);
      return;
    }
    const piece = Math.min(this.slot(operands.length) / 4, longest);
    for (let from = 0; from < length; from += piece)
      this.onCopies(read, write, from, Math.min(from + piece, length), work, group);
  }

  /** Bytes of the stage for each of some operands. */
  private slot(operands: number): number {
    return Math.floor(STAGE_BYTES / operands / 256) * 256;
  }

  private onCopies(
    read: readonly Float32Array[],
    write: readonly Float32Array[],
    from: number,
    to: number,
    work: Work,
    group: number,
  ): void {
    const operands = read.concat(write);
    const slot = this.slot(operands.length);
    // An operand that is both read and written has one copy.
    const at = operands.map((operand) => this.stage + slot * operands.indexOf(operand));
    const copies = at.map((address) => this.floats(address, to - from));
    for (const [i, operand] of read.entries()) copies[i]!.set(operand.subarray(from, to));
    work(Math.ceil((to - from) / group) * group, at, from);
    for (const [j, operand] of write.entries()) operand.set(copies[read.length + j]!, from);
  }
}

const align = (address: number): number => Math.ceil(address / 64) * 64;
