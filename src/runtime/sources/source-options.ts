import type { Progress } from "../../core/checkpoint/progress";
import type { ByteCache } from "./byte-cache";
import { RecentChunks } from "./recent-chunks";
import type { RetryPolicy } from "./retries";
import { Web } from "./web";

export interface SourceOptions {
  /** Keeps remote bytes between sessions; without one they are held in memory while they are near. */
  readonly cache?: ByteCache | null;
  /** Ends everything that the folder does. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes of a remote file that were got so far, of its size; `what` is the file. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly get?: typeof fetch;
  readonly policy?: RetryPolicy;
  /** Held in memory where the cache does not keep them; shared by all folders where absent. */
  readonly recent?: RecentChunks;
  /** Another address of the hub than huggingface.co. */
  readonly hubUrl?: string;
}

/** What the files of one remote folder share. */
export interface RemoteContext {
  readonly web: Web;
  readonly cache: ByteCache | null;
  readonly recent: RecentChunks;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

const shared = new RecentChunks();

export function remoteContext(options: SourceOptions): RemoteContext {
  const { cache = null, recent = shared, onProgress, get, policy } = options;
  return { web: new Web(get, policy), cache, recent, onProgress };
}
