import { SourceError } from "../../core/checkpoint/byte-source";
import type { Origin } from "./remote-file";
import { Passing, withRetries } from "./retries";
import {
  differ,
  ifRange,
  isEncoded,
  parseContentRange,
  plainLength,
  unsatisfiedSize,
  type Validators,
  validatorsOf,
} from "./validators";
import type { Answer, Sink, Web } from "./web";
import {
  brokenRangesProblem,
  changedProblem,
  cutProblem,
  type Place,
  shortAddress,
  statusProblem,
} from "./web-problems";

/** Bytes after which a cut connection counts as having got further. */
const ADVANCE = 2 ** 16;

export interface RangedFile {
  readonly place: Place;
  readonly size: number;
  /**
   * Of the version that was opened: bytes of another one are refused. Null where the address fixes the content: then only
   * answers from one place are held against each other, since mirrors may name the same content differently.
   */
  readonly version: Validators | null;
  /** The address to ask at the moment, and headers to send; `place.address` and none where absent. */
  readonly ask?: (signal: AbortSignal | undefined) => Promise<Asked>;
  /** The problem of an error status; the one for web folders where absent. */
  readonly refuse?: typeof statusProblem;
}

export interface Asked {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads a file by Range requests; every answer is checked to be the bytes asked for, of the version that was opened. */
export function rangedOrigin(web: Web, file: RangedFile): Origin {
  const { place, size } = file;
  const mirrors = new Map<string, Validators>();
  return {
    name: place.file,
    size,
    fetch: async (start, end, sink, signal) => {
      let at = start;
      const attempt = async () => {
        const asked = await (file.ask?.(signal) ?? { address: place.address, headers: {} });
        const to: Place = { ...place, address: asked.address };
        const headers = { ...asked.headers, ...rangeHeaders(file.version, asked.address, at, end) };
        await web.once(to, { headers, cache: "no-store" }, signal, async (answer) => {
          checkPart(file, mirrors, to, answer, at, end);
          await readPart(to, answer, at, end, async (bytes) => {
            await sink(bytes);
            at += bytes.length;
          });
        });
        if (at < end) throw new Passing(cutProblem(to, at, end));
      };
      await withRetries(web.policy, signal, attempt, () => Math.floor((at - start) / ADVANCE));
    },
  };
}

/** Hands the body on, but never more bytes than were asked for. */
export async function readPart(
  place: Place,
  answer: Answer,
  at: number,
  end: number,
  sink: Sink,
): Promise<void> {
  let left = end - at;
  await answer.read((bytes) => {
    if (bytes.length > left)
      throw new SourceError(brokenRangesProblem(place, `more than the ${end - at} bytes asked for came`));
    left -= bytes.length;
    return sink(bytes);
  });
}

/** If-Range is sent to the page's own host only: elsewhere it would need a CORS preflight that many servers refuse. */
export function rangeHeaders(
  version: Validators | null,
  address: string,
  start: number,
  end: number,
): Record<string, string> {
  const page = globalThis.location?.origin;
  const own = page === undefined || page === new URL(address).origin;
  const condition = own && version ? ifRange(version) : null;
  return { Range: `bytes=${start}-${end - 1}`, ...(condition !== null && { "If-Range": condition }) };
}

function checkPart(
  file: RangedFile,
  mirrors: Map<string, Validators>,
  place: Place,
  { response }: Answer,
  at: number,
  end: number,
): void {
  const { status, headers } = response;
  const { size } = file;
  const mirror = shortAddress(response.url || place.address);
  const version = file.version ?? mirrors.get(mirror);
  const changed = () => new SourceError(changedProblem(place));
  const broken = (what: string) => new SourceError(brokenRangesProblem(place, what));
  if (status === 416)
    throw unsatisfiedSize(headers.get("content-range")) === size ? broken("it has no such bytes") : changed();
  if (status !== 206 && status !== 200)
    throw new SourceError((file.refuse ?? statusProblem)(place, response));
  if (version && differ(version, validatorsOf(headers))) throw changed();
  const whole = status === 200 ? plainLength(headers) : null;
  if (whole !== null && whole !== size) throw changed();
  if (status === 200 && at === 0 && end === size) return;
  if (status === 200)
    throw new Passing(brokenRangesProblem(place, "the whole file came where a part was asked for"));
  const wrong = wrongPart(response, at, end);
  if (wrong) throw broken(wrong);
  const total = parseContentRange(headers.get("content-range"))?.size ?? size;
  if (total !== size) throw changed();
  mirrors.set(mirror, validatorsOf(headers));
}

/** What is wrong with an answer 206 to a request for [start, end); null where nothing is. It may be shorter than that. */
export function wrongPart(response: Response, start: number, end: number): string | null {
  const { headers } = response;
  if (headers.get("content-type")?.toLowerCase().startsWith("multipart/"))
    return "several parts came where one was asked for";
  if (isEncoded(headers)) return "a compressed part came";
  const text = headers.get("content-range");
  // A server on another host that does not expose the header: the length is checked all the same.
  if (text === null && response.type === "cors") return null;
  const range = parseContentRange(text);
  if (!range) return `its Content-Range is ${text === null ? "missing" : `"${text.slice(0, 60)}"`}`;
  if (range.start !== start || range.end > end)
    return `bytes ${range.start} to ${range.end - 1} came where ${start} to ${end - 1} were asked for`;
  const length = headers.get("content-length");
  if (length !== null && Number(length) !== range.end - range.start)
    return `its Content-Length ${length.slice(0, 20)} is not that of bytes ${range.start} to ${range.end - 1}`;
  return null;
}
