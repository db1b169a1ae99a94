import { fail, ok, type Problem, type Result } from "../result";

/** A file of known size, read by range. */
export interface ByteSource {
  /** What people call the file; it stands in every message. */
  readonly name: string;
  readonly size: number;
  /** Bytes [start, end), in a fresh array that the caller may keep or transfer. Rejects when it cannot. */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** A checkpoint folder; null where the file does not exist. Rejects when it cannot tell. */
export interface FolderSource {
  readonly name: string;
  file(path: string, signal?: AbortSignal): Promise<ByteSource | null>;
}

/** What a source rejects with where it knows more than that a read failed; `readExactly` and `findFile` hand the problem on. */
export class SourceError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
    this.name = "SourceError";
  }
}

export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return { name, size: bytes.length, read: async (start, end) => new Uint8Array(bytes.subarray(start, end)) };
}

/** A folder held in memory: path to bytes or text. */
export function memoryFolder(
  name: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): FolderSource {
  const known = new Map(Object.entries(files));
  return {
    name,
    file: async (path) => {
      const content = known.get(path);
      if (content === undefined) return null;
      return memorySource(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    },
  };
}

export const cancelled = <T = never>(): Result<T> => fail("cancelled", "Stopped before it was finished.");

/** Reads [start, end) or says why not: a rejected or short read is a value here, never an exception. */
export async function readExactly(
  source: ByteSource,
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<Result<Uint8Array>> {
  if (signal?.aborted) return cancelled();
  const where = { file: source.name };
  try {
    const bytes = await source.read(start, end, signal);
    if (signal?.aborted) return cancelled();
    if (bytes.length === end - start) return ok(bytes);
    return fail("bad-file", `${bytes.length} of ${end - start} bytes arrived from position ${start}.`, {
      ...where,
      remedy: "The file changed or the transfer broke off: open it again.",
    });
  } catch (error) {
    if (signal?.aborted) return cancelled();
    if (error instanceof SourceError) return { ok: false, problem: { ...where, ...error.problem } };
    return fail("network", `the bytes from ${start} to ${end} could not be read (${reason(error)}).`, {
      ...where,
      remedy: "Check the connection, or choose the file again.",
    });
  }
}

/** An exception's message without its final full stop, to stand inside a sentence. */
export const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, "");
