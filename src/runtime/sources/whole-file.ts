import { type ByteSource, memorySource, SourceError } from "../../core/checkpoint/byte-source";
import { type CachedFile, type CacheTarget, chunkCount } from "./byte-cache";
import { openRemote } from "./cached-remote";
import { chunkAssembler } from "./chunk-assembler";
import { contentKey, type HttpPlace, isMissing, joined } from "./http-place";
import { type Origin, SMALL } from "./remote-file";
import { Passing, withRetries } from "./retries";
import type { RemoteContext } from "./source-options";
import { isEncoded, plainLength, type Validators } from "./validators";
import type { Answer, Web } from "./web";
import { brokenRangesProblem, cutProblem, type Place, statusProblem, wholeOnlyProblem } from "./web-problems";

/** Files of text are fetched whole, so that a server may compress them; more than this is no such file. */
const TEXT_LIMIT = 64 * 2 ** 20;

export interface WholeOnly {
  readonly kind: "whole";
  readonly source: ByteSource;
  readonly cached: CachedFile | null;
}

/** A small file with one request; null where there is none. */
export async function fetchText(
  web: Web,
  place: Place,
  signal: AbortSignal | undefined,
): Promise<ByteSource | null> {
  const bytes = await withRetries(web.policy, signal, () =>
    web.once(place, {}, signal, async (answer) => {
      if (isMissing(answer.response)) return null;
      if (answer.response.status !== 200) throw new SourceError(statusProblem(place, answer.response));
      const read = await readUpTo(place, answer, TEXT_LIMIT);
      if (read) return read;
      throw new SourceError({
        kind: "bad-file",
        message: `has more than the ${TEXT_LIMIT / 2 ** 20} MB that a file of text may have.`,
        file: place.file,
        remedy: "Check that it is the right file.",
      });
    }),
  );
  return bytes && memorySource(place.file, bytes);
}

/** A file that came whole though a part was asked for: kept in memory where it is small, else streamed once into the cache. */
export async function wholeOnlyFile(
  context: RemoteContext,
  place: HttpPlace,
  answer: Answer,
  version: Validators,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<WholeOnly> {
  const { headers } = answer.response;
  const size = plainLength(headers);
  const refuse = (why: string) => new SourceError(wholeOnlyProblem(place, size, why));
  if (size === null || size <= SMALL) {
    const bytes = await readUpTo(place, answer, SMALL);
    if (bytes) return { kind: "whole", source: memorySource(place.file, bytes), cached: null };
    if (size !== null)
      throw new SourceError(brokenRangesProblem(place, `more than the stated ${size} bytes came`));
    throw refuse(isEncoded(headers) ? "it compresses them" : "it does not say how large they are");
  }
  if (!context.cache) throw refuse("there is no storage here to keep it in");
  const key = await contentKey(place.address, version, size);
  const target: CacheTarget = {
    ...place,
    key: key ?? `once-${crypto.randomUUID()}`,
    size,
    lasting: key !== null,
  };
  const lost: Origin = {
    name: place.file,
    size,
    fetch: () => Promise.reject(refuse("its copy in the browser's storage is gone or damaged")),
  };
  const { file, cached } = await openRemote(context, lost, target);
  if (!cached) throw refuse("the browser's storage cannot keep it");
  const told = (done: number) => {
    onBytes(done);
    context.onProgress?.({ done, total: size, unit: "bytes", what: place.file });
  };
  try {
    await fill(
      cached,
      size,
      answer,
      place,
      told,
      () => refuse("the browser's storage has no room for it"),
      signal,
    );
  } catch (error) {
    cached.release();
    throw error;
  }
  return { kind: "whole", source: file, cached };
}

async function fill(
  cached: CachedFile,
  size: number,
  answer: Answer,
  place: Place,
  onBytes: (bytes: number) => void,
  full: () => SourceError,
  signal: AbortSignal | undefined,
): Promise<void> {
  const chunks = chunkCount(size);
  let complete = true;
  for (let chunk = 0; chunk < chunks && complete; chunk++) complete = cached.has(chunk);
  if (complete) return;
  const sink = chunkAssembler(size, 0, async (chunk, bytes) => {
    if (!cached.has(chunk) && !(await cached.write(chunk, bytes))) throw full();
  });
  let arrived = 0;
  await answer.read(async (bytes) => {
    signal?.throwIfAborted();
    arrived += bytes.length;
    if (arrived > size)
      throw new SourceError(brokenRangesProblem(place, `more than the stated ${size} bytes came`));
    await sink(bytes);
    onBytes(arrived);
  });
  if (arrived < size) throw new Passing(cutProblem(place, arrived, size));
}

/** The whole body; null where it is longer than `limit`. */
async function readUpTo(place: Place, answer: Answer, limit: number): Promise<Uint8Array | null> {
  const stated = plainLength(answer.response.headers);
  if (stated !== null && stated > limit) return null;
  const parts: Uint8Array[] = [];
  let arrived = 0;
  class TooLong extends Error {}
  try {
    await answer.read((bytes) => {
      arrived += bytes.length;
      if (arrived > limit) throw new TooLong();
      parts.push(bytes);
    });
  } catch (error) {
    if (error instanceof TooLong) return null;
    throw error;
  }
  if (stated !== null && arrived !== stated) throw new Passing(cutProblem(place, arrived, stated));
  return joined(parts, arrived);
}
