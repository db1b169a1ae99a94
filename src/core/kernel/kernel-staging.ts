import type { BufferPool } from "../checkpoint/byte-pool";
import { MARGIN, PAGE } from "./kernel-memory";

/** Bytes that a place for `bytes` takes: slots begin at different offsets in a page, see `KernelMemory.apart`. */
export const slotBytes = (bytes: number): number => Math.ceil((bytes + MARGIN + PAGE) / PAGE) * PAGE + APART;

/** A third of a page or so, a multiple of 64. */
const APART = 1408;

/** Lends places in a kernel's memory, all of one size; what is larger, or comes when all are lent, is lent by another pool. */
export class KernelStaging implements BufferPool {
  private readonly free: number[];
  private readonly slot: number;

  constructor(
    private readonly buffer: ArrayBufferLike,
    private readonly start: number,
    private readonly slots: number,
    private readonly bytes: number,
    private readonly otherwise: BufferPool,
  ) {
    this.slot = slotBytes(bytes);
    this.free = Array.from({ length: slots }, (_, i) => slots - 1 - i);
  }

  take(size: number): Uint8Array {
    const slot = size <= this.bytes ? this.free.pop() : undefined;
    if (slot === undefined) return this.otherwise.take(size);
    return new Uint8Array(this.buffer, this.start + slot * this.slot, size);
  }

  give(bytes: Uint8Array): void {
    if (bytes.buffer !== this.buffer) {
      this.otherwise.give(bytes);
      return;
    }
    const slot = Math.floor((bytes.byteOffset - this.start) / this.slot);
    if (slot >= 0 && slot < this.slots && !this.free.includes(slot)) this.free.push(slot);
  }

  drop(bytes: Uint8Array): void {
    if (bytes.buffer === this.buffer) this.give(bytes);
    else this.otherwise.drop(bytes);
  }
}
