/** What tells one version of a file from another: its ETag and its Last-Modified, as the server states them. */
export interface Validators {
  readonly etag: string | null;
  readonly modified: string | null;
}

export const validatorsOf = (headers: Headers): Validators => ({
  etag: headers.get("etag"),
  modified: headers.get("last-modified"),
});

const isStrong = (etag: string | null): etag is string => etag !== null && !etag.startsWith("W/");

/** Whether two answers are certainly of different versions; what only one of them states decides nothing. */
export function differ(a: Validators, b: Validators): boolean {
  if (a.etag !== null && b.etag !== null) return opaque(a.etag) !== opaque(b.etag);
  return a.modified !== null && b.modified !== null && a.modified !== b.modified;
}

const opaque = (etag: string): string => etag.replace(/^W\//, "");

/** The value of If-Range (RFC 9110 §13.1.5): a strong ETag, else a date where there is no ETag at all. */
export function ifRange({ etag, modified }: Validators): string | null {
  if (isStrong(etag)) return etag;
  return etag === null ? modified : null;
}

/** A file changed twice within this time may keep its date (RFC 9110 §8.8.2.2); milliseconds. */
const SETTLED = 60_000;

/**
 * What stands for a file's content in the cache: a strong ETag, or a weak one or none with a date that has settled. Null
 * where two versions could have the same.
 */
export function versionText({ etag, modified }: Validators, now = Date.now()): string | null {
  if (isStrong(etag)) return etag;
  if (modified === null) return null;
  const date = Date.parse(modified);
  return Number.isNaN(date) || now - date < SETTLED ? null : `${etag ?? ""} ${modified}`;
}

/** "bytes 0-9/100"; `size` is null for "*". Null where the text is none. */
export function parseContentRange(
  text: string | null,
): { readonly start: number; readonly end: number; readonly size: number | null } | null {
  const [, first, last, total] =
    /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(text?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined) return null;
  const range = { start: Number(first), end: Number(last) + 1, size: total === "*" ? null : Number(total) };
  const valid = range.start < range.end && (range.size === null || range.end <= range.size);
  return valid ? range : null;
}

/** The size in the "bytes *\/100" of an answer 416; null where it states none. */
export function unsatisfiedSize(text: string | null): number | null {
  const [, total] = /^bytes \*\/(\d{1,15})$/i.exec(text?.trim() ?? "") ?? [];
  return total === undefined ? null : Number(total);
}

/** Content-Length where it is the length of the content itself; null for a compressed or unstated one. */
export function plainLength(headers: Headers): number | null {
  if (isEncoded(headers)) return null;
  const text = headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

export function isEncoded(headers: Headers): boolean {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase();
  return encoding !== undefined && encoding !== "" && encoding !== "identity";
}
