import type { CacheStore, StoreFile } from "./cache-store";

/** A store in memory; `limit` is what it holds in all before it is full. */
export class MemoryStore implements CacheStore {
  readonly files = new Map<string, Uint8Array>();
  private readonly opened = new Set<string>();

  constructor(
    public limit = Number.POSITIVE_INFINITY,
    private readonly stated: number | null = null,
  ) {}

  async names(): Promise<readonly string[]> {
    return [...this.files.keys()];
  }

  async load(name: string): Promise<Uint8Array | null> {
    return this.files.get(name)?.slice() ?? null;
  }

  async open(name: string): Promise<StoreFile> {
    if (this.opened.has(name))
      throw new DOMException(`${name} is open already`, "NoModificationAllowedError");
    this.opened.add(name);
    if (!this.files.has(name)) this.files.set(name, new Uint8Array());
    const bytes = () => this.files.get(name) ?? new Uint8Array();
    return {
      size: () => bytes().length,
      read: (into, at) => {
        const part = bytes().subarray(at, at + into.length);
        into.set(part);
        return part.length;
      },
      write: (added, at) => this.put(name, added, at),
      truncate: (size) => void this.files.set(name, bytes().slice(0, size)),
      close: () => void this.opened.delete(name),
    };
  }

  async remove(name: string): Promise<void> {
    if (this.opened.has(name)) throw new DOMException(`${name} is open`, "NoModificationAllowedError");
    this.files.delete(name);
  }

  async quota(): Promise<number | null> {
    return this.stated;
  }

  /** What the end of a page leaves behind: nothing is open, and what was written stays. */
  crash(): void {
    this.opened.clear();
  }

  private put(name: string, added: Uint8Array, at: number): void {
    const old = this.files.get(name) ?? new Uint8Array();
    const length = Math.max(old.length, at + added.length);
    const others = [...this.files].reduce(
      (sum, [other, { length: n }]) => (other === name ? sum : sum + n),
      0,
    );
    if (others + length > this.limit) throw new DOMException("Full.", "QuotaExceededError");
    const grown = length === old.length ? old : new Uint8Array(length);
    if (grown !== old) grown.set(old);
    grown.set(added, at);
    this.files.set(name, grown);
  }
}
