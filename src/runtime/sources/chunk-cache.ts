import type { CacheEntry, CacheUsage } from "../../protocol/cache-protocol";
import type { ByteCache, CachedFile, CacheTarget } from "./byte-cache";
import { loadBudget, saveBudget } from "./cache-budget";
import {
  bytesHeld,
  type Checkpoint,
  cacheEntry,
  checkpointsOf,
  isPinned,
  type Kept,
  oldestOf,
} from "./cache-entries";
import { parseJournal } from "./cache-journal";
import type { CacheStore } from "./cache-store";
import { dataName, journalName, KeptFile } from "./kept-file";

export interface ChunkCacheOptions {
  readonly now?: () => number;
  /** Told once per session why bytes are no longer kept, in a sentence. */
  readonly onNotice?: (text: string) => void;
}

/** A `ByteCache` over a store: a data file and a journal per kept file, checkpoints evicted by least recent use. */
export class ChunkCache implements ByteCache {
  private readonly kept = new Map<string, Kept>();
  private budget = 0;
  private ready: Promise<void> | null = null;
  /** Opens and evictions come one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  private said = false;

  constructor(
    private readonly store: CacheStore,
    private readonly options: ChunkCacheOptions = {},
  ) {}

  async open(target: CacheTarget): Promise<CachedFile | null> {
    await this.load();
    return this.inTurn(async () => {
      try {
        await this.dropOlder(target);
        const known = this.kept.get(target.key);
        const fits = known?.state.size === target.size;
        if (known && !fits && known.users > 0) return null;
        if (known && !fits) await this.remove(known);
        const kept = known && fits ? known : blank(target);
        kept.file ??= await KeptFile.open(this.store, kept.state, target, this.now());
        this.kept.set(target.key, kept);
        kept.users++;
        return this.handle(kept, kept.file);
      } catch (error) {
        this.say(
          isNamed(error, "NoModificationAllowedError")
            ? "The cache of this checkpoint is in use in another tab: it is not used here."
            : `The browser's storage cannot be used (${String(error)}): nothing is kept for later.`,
        );
        return null;
      }
    });
  }

  async keyAt(address: string): Promise<string | null> {
    await this.load();
    for (const { state } of this.kept.values())
      if (state.address === address && state.chunks.size > 0) return state.key;
    return null;
  }

  async entries(): Promise<readonly CacheEntry[]> {
    await this.load();
    return this.checkpoints().map(cacheEntry);
  }

  async usage(): Promise<CacheUsage> {
    await this.load();
    return { used: this.used(), budget: this.budget, quota: await this.quota() };
  }

  async setBudget(bytes: number): Promise<void> {
    await this.load();
    await this.inTurn(async () => {
      this.budget = Math.max(0, Math.floor(bytes));
      this.said = false;
      await this.makeRoom(0);
      await saveBudget(this.store, this.budget).catch(() => undefined);
    });
  }

  async evict(key: string): Promise<void> {
    await this.load();
    await this.inTurn(async () => {
      for (const checkpoint of this.checkpoints()) if (checkpoint[0] === key) await this.evictNow(checkpoint);
    });
  }

  async clear(): Promise<void> {
    await this.load();
    await this.inTurn(async () => {
      for (const checkpoint of this.checkpoints()) await this.evictNow(checkpoint);
    });
  }

  private handle(kept: Kept, file: KeptFile): CachedFile {
    let released = false;
    return {
      has: (chunk) => !released && kept.state.chunks.has(chunk),
      read: async (chunk, from, into) => {
        if (released) return false;
        return file.read(chunk, from, into).catch(() => false);
      },
      write: async (chunk, bytes) => !released && (await this.keep(kept, file, chunk, bytes)),
      release: () => {
        if (released) return;
        released = true;
        void this.inTurn(() => this.released(kept));
      },
    };
  }

  private async keep(kept: Kept, file: KeptFile, chunk: number, bytes: Uint8Array): Promise<boolean> {
    if (kept.state.chunks.has(chunk)) return true;
    try {
      if (
        this.used() + bytes.length > this.budget &&
        !(await this.inTurn(() => this.makeRoom(bytes.length)))
      ) {
        this.say(
          "The cache has reached its budget, and all that it holds is open: further bytes are fetched again when they are needed. Raise the budget or evict checkpoints.",
        );
        return false;
      }
      await file.write(chunk, bytes).catch(async (error) => {
        if (!isNamed(error, "QuotaExceededError") || !(await this.inTurn(() => this.evictOldest())))
          throw error;
        await file.write(chunk, bytes);
      });
      return true;
    } catch (error) {
      if (kept.file === file)
        this.say(
          isNamed(error, "QuotaExceededError")
            ? "The browser's storage is full: further bytes are fetched again when they are needed. Free space on the disk or evict checkpoints."
            : `The browser's storage failed (${String(error)}): further bytes are fetched again when they are needed.`,
        );
      return false;
    }
  }

  private async released(kept: Kept): Promise<void> {
    if (--kept.users > 0) return;
    kept.file?.close();
    kept.file = null;
    if (!kept.state.lasting || kept.state.chunks.size === 0) await this.remove(kept);
  }

  /** True when `bytes` more fit the budget. */
  private async makeRoom(bytes: number): Promise<boolean> {
    while (this.used() + bytes > this.budget) if (!(await this.evictOldest())) return false;
    return true;
  }

  /** False where everything is open. */
  private async evictOldest(): Promise<boolean> {
    const oldest = oldestOf(this.checkpoints());
    if (oldest) await this.evictNow(oldest);
    return oldest !== undefined;
  }

  private async evictNow([, files]: Checkpoint): Promise<void> {
    if (isPinned(files)) return;
    for (const kept of files) await this.remove(kept);
  }

  private async remove({ state }: Kept): Promise<void> {
    this.kept.delete(state.key);
    // The journal first: data without one are removed when the cache is next loaded.
    await this.store.remove(journalName(state.key)).catch(() => undefined);
    await this.store.remove(dataName(state.key)).catch(() => undefined);
  }

  /** Another version of the address is not asked for again. */
  private async dropOlder({ key, address }: CacheTarget): Promise<void> {
    for (const kept of [...this.kept.values()])
      if (kept.state.address === address && kept.state.key !== key && kept.users === 0)
        await this.remove(kept);
  }

  private checkpoints(): Checkpoint[] {
    return checkpointsOf(this.kept.values());
  }

  private used(): number {
    let sum = 0;
    for (const { state } of this.kept.values()) sum += bytesHeld(state);
    return sum;
  }

  private load(): Promise<void> {
    this.ready ??= this.readStore().catch(() => undefined);
    return this.ready;
  }

  private async readStore(): Promise<void> {
    this.budget = await loadBudget(this.store);
    const names = await this.store.names();
    for (const name of names) {
      if (!name.endsWith(".journal")) continue;
      const bytes = await this.store.load(name).catch(() => null);
      const state = bytes && parseJournal(new TextDecoder().decode(bytes));
      if (state?.lasting && journalName(state.key) === name)
        this.kept.set(state.key, { state, file: null, users: 0 });
    }
    for (const name of names) {
      const key = /^(.*)\.(?:journal|data)$/.exec(name)?.[1];
      if (key !== undefined && !this.kept.has(key)) await this.store.remove(name).catch(() => undefined);
    }
  }

  private quota(): Promise<number | null> {
    return this.store.quota().catch(() => null);
  }

  private inTurn<T>(call: () => Promise<T>): Promise<T> {
    const next = this.last.then(call, call);
    this.last = next.catch(() => undefined);
    return next;
  }

  private say(text: string): void {
    if (this.said) return;
    this.said = true;
    this.options.onNotice?.(text);
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }
}

const blank = ({ key, size, lasting, address, checkpoint }: CacheTarget): Kept => ({
  state: { key, size, lasting, address, checkpoint, lastUsed: 0, chunks: new Map(), stale: 0 },
  file: null,
  users: 0,
});

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
