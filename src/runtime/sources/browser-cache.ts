import type { ByteCache } from "./byte-cache";
import { ChunkCache } from "./chunk-cache";
import { opfsStore } from "./opfs-store";

/** The cache in the browser's own storage; null where this thread or browser has none. One per worker. */
export async function browserCache(onNotice: (text: string) => void): Promise<ByteCache | null> {
  const store = await opfsStore();
  return store && new ChunkCache(store, { onNotice });
}
