import { type ByteSource, memorySource, SourceError } from "../../core/checkpoint/byte-source";
import { openRemote } from "./cached-remote";
import { contentKey, type HttpPlace, isMissing, joined } from "./http-place";
import { rangedOrigin, readPart, wrongPart } from "./ranged-origin";
import { Passing, withRetries } from "./retries";
import type { RemoteContext } from "./source-options";
import { parseContentRange, plainLength, unsatisfiedSize, type Validators, validatorsOf } from "./validators";
import type { Answer, Web } from "./web";
import { brokenRangesProblem, cutProblem, type Place, statusProblem } from "./web-problems";
import { type WholeOnly, wholeOnlyFile } from "./whole-file";

/** The first request for a large file asks for so much: its header, or all of a small one. */
const PROBE = 4 * 2 ** 20;

export interface OpenedHttp {
  readonly source: ByteSource;
  readonly release: () => void;
}

interface Ranged {
  readonly kind: "ranged";
  /** Null where the server does not let this page read it. */
  readonly size: number | null;
  readonly version: Validators;
  readonly first: Uint8Array;
}

/** A file on a web server, read by range where the server can; null where there is none. */
export async function openHttpFile(
  context: RemoteContext,
  place: HttpPlace,
  signal: AbortSignal | undefined,
): Promise<OpenedHttp | null> {
  const { web, cache } = context;
  // Where bytes of it are kept already, a single one tells the version.
  const length = (await cache?.keyAt(place.address)) ? 1 : PROBE;
  let reached = 0;
  const found = await withRetries(
    web.policy,
    signal,
    () =>
      web.once(place, { headers: { Range: `bytes=0-${length - 1}` }, cache: "no-cache" }, signal, (answer) =>
        probed(context, place, answer, length, signal, (bytes) => {
          reached = Math.max(reached, bytes);
        }),
      ),
    () => reached,
  );
  if (found === null) return null;
  if (found.kind === "whole") return { source: found.source, release: () => found.cached?.release() };
  const size = found.size ?? (await statedSize(web, place, signal));
  const key = await contentKey(place.address, found.version, size);
  const target = key === null ? null : { ...place, key, size, lasting: true };
  const origin = rangedOrigin(web, { place, size, version: found.version });
  const { file, cached } = await openRemote(context, origin, target);
  await file.seed(found.first);
  return { source: file, release: () => cached?.release() };
}

async function probed(
  context: RemoteContext,
  place: HttpPlace,
  answer: Answer,
  length: number,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<Ranged | WholeOnly | null> {
  const { response } = answer;
  const { status, headers } = response;
  if (isMissing(response)) return null;
  const version = validatorsOf(headers);
  if (status === 416 && unsatisfiedSize(headers.get("content-range")) === 0)
    return { kind: "whole", source: memorySource(place.file, new Uint8Array()), cached: null };
  if (status === 200) return wholeOnlyFile(context, place, answer, version, signal, onBytes);
  if (status !== 206) throw new SourceError(statusProblem(place, response));
  const wrong = wrongPart(response, 0, length);
  if (wrong) throw new SourceError(brokenRangesProblem(place, wrong));
  const range = parseContentRange(headers.get("content-range"));
  const first: Uint8Array[] = [];
  let arrived = 0;
  await readPart(place, answer, 0, length, (bytes) => {
    first.push(bytes);
    arrived += bytes.length;
    onBytes(arrived);
  });
  if (range && arrived < range.end) throw new Passing(cutProblem(place, arrived, range.end));
  return { kind: "ranged", size: range?.size ?? null, version, first: joined(first, arrived) };
}

/** The size by a HEAD request: its Content-Length may be read where Content-Range may not. */
async function statedSize(web: Web, place: Place, signal: AbortSignal | undefined): Promise<number> {
  const size = await withRetries(web.policy, signal, () =>
    web.once(place, { method: "HEAD", cache: "no-cache" }, signal, async ({ response }) => {
      if (!response.ok) throw new SourceError(statusProblem(place, response));
      return plainLength(response.headers);
    }),
  );
  if (size !== null) return size;
  throw new SourceError(
    brokenRangesProblem(place, "neither Content-Range nor Content-Length tells the size of the file"),
  );
}
