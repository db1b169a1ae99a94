/** An open file of a store; its calls are synchronous, as those of the browser's sync access handles. */
export interface StoreFile {
  size(): number;
  /** Bytes read into `into` from position `at`; fewer than its length at the end of the file. */
  read(into: Uint8Array, at: number): number;
  /** Throws where the storage is full. */
  write(bytes: Uint8Array, at: number): void;
  truncate(size: number): void;
  close(): void;
}

/** Where the cache keeps its files: flat, by name. Every method rejects where the storage fails. */
export interface CacheStore {
  names(): Promise<readonly string[]>;
  /** A whole file, without opening it for writing; null where there is none. */
  load(name: string): Promise<Uint8Array | null>;
  /** Opens or creates a file, for this opener alone. */
  open(name: string): Promise<StoreFile>;
  remove(name: string): Promise<void>;
  /** Bytes that the browser lets this site store; null where it does not say. */
  quota(): Promise<number | null>;
}
