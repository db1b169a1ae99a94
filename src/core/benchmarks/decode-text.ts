import { fail, ok, type Result } from "../result";

/** Bytes of a data file, and of what a .gz becomes. */
export const MAX_BYTES = 256 * 1024 * 1024;
const REMEDY = "Split it, or keep fewer rows.";

const tooLarge = (file: string) =>
  fail("bad-file", `is larger than ${MAX_BYTES / 1024 / 1024} MiB.`, { file, remedy: REMEDY });

/** The bytes themselves, or what a gzip file of them holds; never more than the limit. */
export async function unpack(bytes: Uint8Array, file: string): Promise<Result<Uint8Array>> {
  if (bytes.length > MAX_BYTES) return tooLarge(file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return ok(bytes);
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"))
    .getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > MAX_BYTES) {
        await reader.cancel();
        return tooLarge(file);
      }
      parts.push(part.value);
    }
  } catch {
    return fail("bad-file", "is a damaged gzip file.", { file, remedy: "Download it again." });
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return ok(out);
}

/** Bytes → text; a byte that is no UTF-8 is refused with its line. A byte order mark at the start is dropped. */
export function decodeText(bytes: Uint8Array, file: string): Result<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return fail("bad-file", `is not UTF-8 text (line ${firstBadLine(bytes)}).`, {
      file,
      remedy: "Save it as UTF-8.",
    });
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; from <= bytes.length; line++) {
    const to = bytes.indexOf(0x0a, from);
    const end = to < 0 ? bytes.length : to;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(from, end));
    } catch {
      return line;
    }
    from = end + 1;
  }
  return line;
}
