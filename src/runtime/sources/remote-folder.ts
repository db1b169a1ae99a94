import { type ByteSource, SourceError } from "../../core/checkpoint/byte-source";
import type { OpenFolder } from "./open-folder";

export interface OpenedFile {
  readonly source: ByteSource;
  /** Its bytes in the cache may be evicted again. */
  readonly release: () => void;
}

const stopped = () => new SourceError({ kind: "cancelled", message: "Stopped before it was finished." });

/** A folder whose files come from elsewhere: what `signal` ends and `close` releases. */
export function remoteFolder(
  name: string,
  signal: AbortSignal | undefined,
  open: (path: string, signal: AbortSignal | undefined) => Promise<OpenedFile | null>,
): OpenFolder {
  const opened = new Set<() => void>();
  const both = (call: AbortSignal | undefined) =>
    signal && call ? AbortSignal.any([signal, call]) : (signal ?? call);
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw signal?.aborted ? stopped() : error;
    }
  };
  return {
    name,
    file: async (path, call) => {
      const file = await guarded(open(path, both(call)));
      if (!file) return null;
      opened.add(file.release);
      const { source } = file;
      return {
        name: source.name,
        size: source.size,
        read: (start, end, reading) => guarded(source.read(start, end, both(reading))),
      };
    },
    close: () => {
      for (const release of opened) release();
      opened.clear();
    },
  };
}
