/** A checkpoint whose bytes are kept in the browser's storage. */
export interface CacheEntry {
  readonly key: string;
  /** The checkpoint as people know it: an address or "hf://owner/name@revision". */
  readonly name: string;
  /** Bytes held. */
  readonly bytes: number;
  /** Bytes of the checkpoint's files that were opened so far. */
  readonly total: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
  /** Open now, so that it is not evicted. */
  readonly pinned: boolean;
}

/** All in bytes; `quota` is what the browser lets this site store in all, null where it does not say. */
export interface CacheUsage {
  readonly used: number;
  readonly budget: number;
  readonly quota: number | null;
}
