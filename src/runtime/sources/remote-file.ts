import type { ByteSource } from "../../core/checkpoint/byte-source";
import { type CachedFile, CHUNK, chunkCount, chunkLength } from "./byte-cache";
import { chunkAssembler } from "./chunk-assembler";
import type { RecentChunks } from "./recent-chunks";
import type { Sink } from "./web";

/** Chunks of one request: small enough that a cut costs little. */
const PART = 8;
/** Held chunks that are checked at once. */
const TAKEN = 8;
/** Files up to this size are fetched whole at the first read. */
export const SMALL = 16 * 2 ** 20;

/** Where the bytes of a remote file come from. */
export interface Origin {
  readonly name: string;
  readonly size: number;
  /** Hands [start, end) to `sink` in order, once; resumes by itself where the connection was cut. */
  fetch(start: number, end: number, sink: Sink, signal: AbortSignal | undefined): Promise<void>;
}

export interface RemoteFileOptions {
  readonly cached: CachedFile | null;
  readonly recent: RecentChunks;
  /** Stands for the file among the recent chunks. */
  readonly id: string;
  /** Bytes of the file that were got so far, from the cache or the network. */
  readonly onBytes?: ((done: number) => void) | undefined;
}

/** A remote file read by range through the cache: what is held is not asked for again, what arrives is held. */
export class RemoteFile implements ByteSource {
  private readonly got = new Set<number>();
  private readonly chunks: number;
  private bytesGot = 0;
  /** The chunk after the last one fetched: a read that goes on from there reads ahead. */
  private next = -1;

  constructor(
    private readonly origin: Origin,
    private readonly options: RemoteFileOptions,
  ) {
    this.chunks = chunkCount(origin.size);
  }

  get name(): string {
    return this.origin.name;
  }

  get size(): number {
    return this.origin.size;
  }

  async read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (!(start >= 0 && start <= end && end <= this.size))
      throw new RangeError(`${this.name}: bytes ${start} to ${end} of ${this.size}`);
    signal?.throwIfAborted();
    const out = new Uint8Array(end - start);
    if (start === end) return out;
    const first = Math.floor(start / CHUNK);
    const after = Math.floor((end - 1) / CHUNK) + 1;
    const held: boolean[] = [];
    for (let chunk = first; chunk < after; chunk += TAKEN) {
      const some = Array.from({ length: Math.min(TAKEN, after - chunk) }, (_, i) => chunk + i);
      held.push(...(await Promise.all(some.map((c) => this.take(c, out, start)))));
      signal?.throwIfAborted();
    }
    for (let chunk = first; chunk < after; chunk++) {
      if (held[chunk - first]) continue;
      let upTo = chunk;
      while (upTo < after && !held[upTo - first]) upTo++;
      await this.fetch(chunk, upTo, out, start, signal);
      chunk = upTo;
    }
    return out;
  }

  /** Keeps bytes that came otherwise, from the start of the file on; an incomplete last chunk is dropped. */
  async seed(bytes: Uint8Array): Promise<void> {
    for (let chunk = 0; chunk < this.chunks; chunk++) {
      const start = chunk * CHUNK;
      const end = start + chunkLength(chunk, this.size);
      if (end > bytes.length) break;
      await this.keep(chunk, bytes.slice(start, end), true);
      this.next = chunk + 1;
    }
  }

  /** Copies what `out` (from byte `start` of the file) needs of a held chunk; false where it is not held. */
  private async take(chunk: number, out: Uint8Array, start: number): Promise<boolean> {
    const { recent, id, cached } = this.options;
    const { from, to, into } = overlap(chunk, out, start);
    const bytes = recent.get(id, chunk);
    if (bytes) into.set(bytes.subarray(from, to));
    else if (!(cached?.has(chunk) && (await cached.read(chunk, from, into)))) return false;
    this.mark(chunk);
    return true;
  }

  /** Fetches the chunks [first, end) and, where that serves the next reads, some more. */
  private async fetch(
    first: number,
    end: number,
    out: Uint8Array,
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const upTo = this.ahead(first, end);
    const controller = new AbortController();
    const stop = () => controller.abort(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const parts: Promise<void>[] = [];
      for (let part = first; part < upTo; part += PART)
        parts.push(this.fetchPart(part, Math.min(part + PART, upTo), out, start, controller.signal));
      await Promise.all(parts);
      this.next = upTo;
    } catch (error) {
      controller.abort(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  private ahead(first: number, end: number): number {
    const all = this.chunks;
    const wanted = this.size <= SMALL ? all : first === this.next ? Math.min(first + PART, all) : end;
    let upTo = end;
    while (upTo < wanted && !this.holds(upTo)) upTo++;
    return upTo;
  }

  private holds(chunk: number): boolean {
    const { recent, id, cached } = this.options;
    return recent.get(id, chunk) !== undefined || cached?.has(chunk) === true;
  }

  private async fetchPart(
    first: number,
    end: number,
    out: Uint8Array,
    start: number,
    signal: AbortSignal,
  ): Promise<void> {
    const sink = chunkAssembler(this.size, first, (chunk, bytes) => this.arrive(chunk, bytes, out, start));
    await this.origin.fetch(first * CHUNK, Math.min(end * CHUNK, this.size), sink, signal);
  }

  private async arrive(chunk: number, bytes: Uint8Array, out: Uint8Array, start: number): Promise<void> {
    const { from, to, into } = overlap(chunk, out, start);
    into.set(bytes.subarray(from, to));
    await this.keep(chunk, bytes, to - from < bytes.length || this.size <= SMALL);
  }

  /** In memory only where the cache does not take it and its bytes are still `wanted`. */
  private async keep(chunk: number, bytes: Uint8Array, wanted: boolean): Promise<void> {
    const { recent, id, cached } = this.options;
    const held = cached !== null && (await cached.write(chunk, bytes));
    if (!held && wanted) recent.put(id, chunk, bytes);
    this.mark(chunk);
  }

  private mark(chunk: number): void {
    if (this.got.has(chunk)) return;
    this.got.add(chunk);
    this.bytesGot += chunkLength(chunk, this.size);
    this.options.onBytes?.(this.bytesGot);
  }
}

/** The part [from, to) of a chunk that lies in `out`, and where it lies there; `out` begins at byte `start` of the file. */
function overlap(chunk: number, out: Uint8Array, start: number) {
  const origin = chunk * CHUNK;
  const from = Math.min(CHUNK, Math.max(0, start - origin));
  const to = Math.max(from, Math.min(CHUNK, start + out.length - origin));
  const at = origin + from - start;
  return { from, to, into: out.subarray(Math.max(0, at), Math.max(0, at) + to - from) };
}
