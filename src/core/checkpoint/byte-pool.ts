/** Lends buffers that are used again. */
export interface BufferPool {
  /** `size` bytes of undefined content. */
  take(size: number): Uint8Array;
  /** Takes a lent buffer back, by any view of it; other bytes are left alone. */
  give(bytes: Uint8Array): void;
  /** The same for a buffer whose size is not asked for any more. */
  drop(bytes: Uint8Array): void;
}

/**
 * Buffers that are used again: what is read, merged and written piece by piece would else be new memory each time, which the
 * system has to clear and the collector to free. Holds `slack` bytes more than were lent at one time at most.
 */
export class BytePool implements BufferPool {
  private readonly free = new Map<number, Uint8Array[]>();
  private readonly lent = new Set<ArrayBufferLike>();
  private lentBytes = 0;
  private keptBytes = 0;
  private mostLent = 0;

  constructor(
    private readonly allocate: (size: number) => Uint8Array,
    private readonly slack: number,
  ) {}

  take(size: number): Uint8Array {
    const ready = this.free.get(size)?.pop();
    if (ready) this.keptBytes -= size;
    this.lentBytes += size;
    this.mostLent = Math.max(this.mostLent, this.lentBytes);
    if (!ready) this.dropBeyond(this.mostLent + this.slack - this.lentBytes);
    const bytes = ready ?? this.allocate(size);
    this.lent.add(bytes.buffer);
    return bytes;
  }

  give({ buffer }: Uint8Array): void {
    if (!this.lent.delete(buffer)) return;
    const size = buffer.byteLength;
    this.lentBytes -= size;
    this.keptBytes += size;
    const same = this.free.get(size);
    if (same) same.push(new Uint8Array(buffer));
    else this.free.set(size, [new Uint8Array(buffer)]);
  }

  drop({ buffer }: Uint8Array): void {
    if (this.lent.delete(buffer)) this.lentBytes -= buffer.byteLength;
  }

  /** Drops buffers that wait, the smallest first, until they hold no more than `most` bytes. */
  private dropBeyond(most: number): void {
    if (this.keptBytes <= most) return;
    for (const size of [...this.free.keys()].sort((a, b) => a - b)) {
      const same = this.free.get(size)!;
      while (same.length > 0 && this.keptBytes > most) {
        same.pop();
        this.keptBytes -= size;
      }
      if (same.length === 0) this.free.delete(size);
    }
  }
}
