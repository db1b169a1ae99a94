import type { Problem } from "../../core/result";

/** What a message about a request names: the file as people know it, and the address that was asked. */
export interface Place {
  readonly file: string;
  readonly address: string;
}

const FROM_DISK = "download the folder and open it from disk";

/** Without its query, which may hold a signature. */
export function shortAddress(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

/** " (redirected to …)" where the answer came from elsewhere. */
export const redirection = (response: Response): string =>
  response.redirected && response.url ? ` (redirected to ${shortAddress(response.url)})` : "";

const host = (address: string): string => new URL(address).host;

const answering = (place: Place, response: Response): string => host(response.url || place.address);

const problem = (place: Place, message: string, remedy: string): Problem => ({
  kind: "network",
  message,
  file: place.file,
  remedy,
});

/** What an error status means for somebody who opens a folder on a web server, and what to do. */
export function statusProblem(place: Place, response: Response): Problem {
  const { status } = response;
  const who = answering(place, response);
  const code = `(HTTP ${status})${redirection(response)}.`;
  if (status === 401)
    return problem(
      place,
      `${who} wants a login ${code}`,
      `The workbench logs in to the Hugging Face hub only: let the folder be read without a login, or ${FROM_DISK}.`,
    );
  if (status === 403)
    return problem(
      place,
      `${who} refuses to give it ${code}`,
      `Check the address and that everybody may read the folder, or ${FROM_DISK}.`,
    );
  if (status === 404 || status === 410)
    return problem(place, `is no longer on ${who} ${code}`, "Open the set again.");
  if (status === 429)
    return problem(
      place,
      `${who} gets too many requests ${code}`,
      "Wait some minutes, then open the set again.",
    );
  if (status >= 500) return problem(place, `${who} failed ${code}`, `Try again later, or ${FROM_DISK}.`);
  return problem(place, `${who} answered with HTTP ${status}${redirection(response)}.`, "Check the address.");
}

/** A request that got no answer at all: browsers do not tell why, so the likely causes are named. */
export function noAnswerProblem(place: Place, error: unknown): Problem {
  const who = host(place.address);
  if (globalThis.navigator?.onLine === false)
    return problem(place, "the browser is offline.", "Connect, then open the set again.");
  const page = globalThis.location?.origin;
  if (page === undefined || page === new URL(place.address).origin)
    return problem(
      place,
      `${who} does not answer${causeOf(error)}.`,
      "Check that the server runs and that the address is right.",
    );
  return problem(
    place,
    `${who} gave no answer that this page may read.`,
    "Either the address is wrong or the server is down, or the server does not let other sites read it: it has to send " +
      `Access-Control-Allow-Origin: ${page} (or *) and to expose Content-Range and ETag. Else ${FROM_DISK}.`,
  );
}

/** A page from https may not read from http, except from this machine; null where it may. */
export function mixedContentProblem(place: Place): Problem | null {
  if (globalThis.location?.protocol !== "https:") return null;
  const { protocol, hostname } = new URL(place.address);
  if (protocol !== "http:" || /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/.test(hostname)) return null;
  return problem(
    place,
    "the browser does not let a page from https read from http.",
    `Give the https address of ${hostname}, or ${FROM_DISK}.`,
  );
}

/** Node's reason, such as "ECONNREFUSED"; browsers give none. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === "string" ? ` (${cause.code})` : "";
}

export const changedProblem = (place: Place): Problem =>
  problem(place, "changed on the server while it was read.", "Open the set again.");

export const silentProblem = (place: Place, ms: number): Problem =>
  problem(
    place,
    `${host(place.address)} sent nothing for ${Math.max(1, Math.round(ms / 1000))} s.`,
    "Check the connection, then open the set again.",
  );

export const cutProblem = (place: Place, at: number, end: number): Problem =>
  problem(
    place,
    `the connection to ${host(place.address)} broke off at byte ${at} of ${end}.`,
    "Check the connection, then open the set again.",
  );

export const brokenRangesProblem = (place: Place, what: string): Problem =>
  problem(
    place,
    `${host(place.address)} answers ranges wrongly: ${what}.`,
    `The server or a proxy before it is at fault: use another server, or ${FROM_DISK}.`,
  );

/** A large file on a server that gives files only in whole. */
export const wholeOnlyProblem = (place: Place, size: number | null, why: string): Problem =>
  problem(
    place,
    `${host(place.address)} gives only whole files (no ranges)${size === null ? "" : `, this one has ${size} bytes`}, and ${why}.`,
    `Use a server that answers Range requests (nginx, Apache, Caddy and object stores do; python -m http.server does not), or ${FROM_DISK}.`,
  );
