import type { CachedFile, CacheTarget } from "./byte-cache";
import { type Origin, RemoteFile } from "./remote-file";
import type { RemoteContext } from "./source-options";

export interface OpenedRemote {
  readonly file: RemoteFile;
  readonly cached: CachedFile | null;
}

let unnamed = 0;

/** A remote file over the cache; `target` is null where nothing stands for its content. */
export async function openRemote(
  { cache, recent, onProgress }: RemoteContext,
  origin: Origin,
  target: CacheTarget | null,
): Promise<OpenedRemote> {
  const cached = target && cache ? await cache.open(target) : null;
  const onBytes =
    onProgress &&
    ((done: number) => onProgress({ done, total: origin.size, unit: "bytes", what: origin.name }));
  const id = target?.key ?? `unnamed ${unnamed++}`;
  return { file: new RemoteFile(origin, { cached, recent, id, onBytes }), cached };
}
