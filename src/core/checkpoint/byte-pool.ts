/** Lends buffers that are used again. */
export interface BufferPool {
  /** `size` bytes of undefined content. */
  take(size: number): Uint8Array;
  /** Takes a lent buffer back, by any view of it; other bytes are left alone. */
  give(bytes: Uint8Array): void;
}

/**
 * Buffers that are used again: what is read, merged and written piece by piece would else be new memory each time, which the
 * system has to clear and the collector to free.
 */
export class BytePool implements BufferPool {
  private readonly free = new Map<number, Uint8Array[]>();
  private readonly lent = new Set<ArrayBufferLike>();
  private kept = 0;

  constructor(
    private readonly allocate: (size: number) => Uint8Array,
    /** Bytes that may wait here; what is given back beyond them is dropped. */
    private readonly most: number,
  ) {}

  take(size: number): Uint8Array {
    const ready = this.free.get(size)?.pop();
    if (ready) this.kept -= size;
    const bytes = ready ?? this.allocate(size);
    this.lent.add(bytes.buffer);
    return bytes;
  }

  give({ buffer }: Uint8Array): void {
    if (!this.lent.delete(buffer)) return;
    const size = buffer.byteLength;
    if (this.kept + size > this.most) return;
    this.kept += size;
    const same = this.free.get(size);
    if (same) same.push(new Uint8Array(buffer));
    else this.free.set(size, [new Uint8Array(buffer)]);
  }
}
