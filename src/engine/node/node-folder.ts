import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BufferPool } from "../../core/checkpoint/byte-pool";
import type { FolderSource } from "../../core/checkpoint/byte-source";

/** A folder on disk, read by range, into buffers of `pool` where one is given. */
export function nodeFolder(path: string, pool?: BufferPool): FolderSource {
  return {
    name: path.replace(/\/+$/, ""),
    file: async (name) => {
      const full = join(path, name);
      const found = await stat(full).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
        throw error;
      });
      if (!found?.isFile()) return null;
      const file = new ReadFile(full, pool);
      return { name: full, size: found.size, read: (start, end) => file.read(start, end) };
    },
  };
}

/** Milliseconds without a read after which a file is closed. */
const IDLE_MS = 1000;

/** A file that is opened by its first read, so that later ones begin at once, and closed when nobody reads any more. */
class ReadFile {
  private handle: Promise<FileHandle> | null = null;
  private opened: FileHandle | null = null;
  private reading = 0;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly path: string,
    private readonly pool?: BufferPool,
  ) {}

  async read(start: number, end: number): Promise<Uint8Array> {
    clearTimeout(this.idle);
    this.reading++;
    try {
      const handle = this.opened ?? (await this.open());
      const bytes = this.pool?.take(end - start) ?? Buffer.allocUnsafeSlow(end - start);
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return new Uint8Array(bytes.buffer, bytes.byteOffset, done);
    } finally {
      if (--this.reading === 0) this.idle = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  private async open(): Promise<FileHandle> {
    this.handle ??= open(this.path);
    try {
      this.opened = await this.handle;
      return this.opened;
    } catch (error) {
      this.handle = null;
      throw error;
    }
  }

  private async close(): Promise<void> {
    const { opened } = this;
    if (!opened || this.reading > 0) return;
    this.opened = null;
    this.handle = null;
    await opened.close();
  }
}
