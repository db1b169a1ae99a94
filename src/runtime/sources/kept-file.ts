import { sha256 } from "../../core/canonical";
import { type CacheTarget, CHUNK, chunkLength } from "./byte-cache";
import { freshJournal, type HeldChunk, type JournalState, journalLine } from "./cache-journal";
import type { CacheStore, StoreFile } from "./cache-store";

/** Stale lines of a journal after which it is written anew. */
const STALE = 500;

export const dataName = (key: string): string => `${key}.data`;
export const journalName = (key: string): string => `${key}.journal`;

/** SHA-256 over a chunk's bytes and its place, so that a damaged journal never gives bytes of another place. */
const chunkSum = async (key: string, chunk: number, bytes: Uint8Array): Promise<string> =>
  sha256(`${key} ${chunk} ${await sha256(bytes)}`);

/** A kept file that is open: its chunks lie in slots of the data file, in the order in which they arrived. */
export class KeptFile {
  readonly verified = new Set<number>();
  private readonly writing = new Set<number>();
  private readonly free: number[] = [];
  private slots = 0;
  private journalEnd: number;

  private constructor(
    readonly state: JournalState,
    private readonly data: StoreFile,
    private readonly journal: StoreFile,
  ) {
    this.dropBeyondEnd();
    const used = new Set([...state.chunks.values()].map(({ slot }) => slot));
    this.slots = used.size === 0 ? 0 : Math.max(...used) + 1;
    for (let slot = 0; slot < this.slots; slot++) if (!used.has(slot)) this.free.push(slot);
    this.journalEnd = journal.size();
  }

  /** Opens what is kept, or begins anew; rejects where somebody else has it open, or the storage is full. */
  static async open(
    store: CacheStore,
    state: JournalState,
    target: CacheTarget,
    now: number,
  ): Promise<KeptFile> {
    const data = await store.open(dataName(state.key));
    try {
      const journal = await store.open(journalName(state.key));
      try {
        Object.assign(state, { address: target.address, checkpoint: target.checkpoint, lastUsed: now });
        const self = new KeptFile(state, data, journal);
        self.writeOpened(now);
        return self;
      } catch (error) {
        journal.close();
        throw error;
      }
    } catch (error) {
      data.close();
      throw error;
    }
  }

  /** Fills `into` from byte `from` of the chunk; a chunk that is not what arrived is dropped. */
  async read(chunk: number, from: number, into: Uint8Array): Promise<boolean> {
    const held = this.state.chunks.get(chunk);
    if (!held) return false;
    const at = held.slot * CHUNK;
    if (this.verified.has(chunk)) {
      if (this.data.read(into, at + from) === into.length) return true;
    } else {
      const all = new Uint8Array(chunkLength(chunk, this.state.size));
      if (
        this.data.read(all, at) === all.length &&
        (await chunkSum(this.state.key, chunk, all)) === held.sum
      ) {
        this.verified.add(chunk);
        into.set(all.subarray(from, from + into.length));
        return true;
      }
    }
    this.drop(chunk, held);
    return false;
  }

  /** Throws where the storage is full; then nothing of the chunk is held. */
  async write(chunk: number, bytes: Uint8Array): Promise<void> {
    if (this.state.chunks.has(chunk) || this.writing.has(chunk)) return;
    this.writing.add(chunk);
    try {
      const sum = await chunkSum(this.state.key, chunk, bytes);
      const slot = this.free.pop() ?? this.slots++;
      const held = { slot, sum };
      try {
        this.data.write(bytes, slot * CHUNK);
        this.append(journalLine.held(chunk, held));
      } catch (error) {
        this.free.push(slot);
        throw error;
      }
      this.state.chunks.set(chunk, held);
      this.verified.add(chunk);
    } finally {
      this.writing.delete(chunk);
    }
  }

  close(): void {
    this.data.close();
    this.journal.close();
  }

  private writeOpened(now: number): void {
    if (this.journalEnd > 0 && this.state.stale < STALE) {
      // A crash may have torn the last line: the break ends it.
      this.append(`\n${journalLine.opened(this.state, now)}`);
      this.state.stale++;
      return;
    }
    this.journal.truncate(0);
    this.journalEnd = 0;
    this.append(freshJournal(this.state));
    this.state.stale = 0;
  }

  private append(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.journal.write(bytes, this.journalEnd);
    this.journalEnd += bytes.length;
  }

  private drop(chunk: number, { slot }: HeldChunk): void {
    this.state.chunks.delete(chunk);
    this.verified.delete(chunk);
    this.free.push(slot);
    this.state.stale += 2;
    try {
      this.append(journalLine.dropped(chunk));
    } catch {
      // Full: the next session finds the chunk damaged again.
    }
  }

  /** A data file that a crash left short does not hold what its journal says. */
  private dropBeyondEnd(): void {
    const size = this.data.size();
    for (const [chunk, { slot }] of this.state.chunks)
      if (slot * CHUNK + chunkLength(chunk, this.state.size) > size) this.state.chunks.delete(chunk);
  }
}
