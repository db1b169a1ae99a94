/** The chunks that were fetched last, in memory: neighbours of small tensors need them again. Shared by all files. */
export class RecentChunks {
  private readonly held = new Map<string, Uint8Array>();
  private bytes = 0;

  constructor(private readonly limit = 64 * 2 ** 20) {}

  get(file: string, chunk: number): Uint8Array | undefined {
    const key = `${chunk} ${file}`;
    const bytes = this.held.get(key);
    if (bytes) {
      this.held.delete(key);
      this.held.set(key, bytes);
    }
    return bytes;
  }

  put(file: string, chunk: number, bytes: Uint8Array): void {
    const key = `${chunk} ${file}`;
    this.bytes += bytes.length - (this.held.get(key)?.length ?? 0);
    this.held.delete(key);
    this.held.set(key, bytes);
    for (const [oldest, dropped] of this.held) {
      if (this.bytes <= this.limit) break;
      this.held.delete(oldest);
      this.bytes -= dropped.length;
    }
  }
}
