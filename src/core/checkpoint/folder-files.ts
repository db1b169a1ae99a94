import { fail, ok, type Result } from "../result";
import {
  type ByteSource,
  cancelled,
  type FolderSource,
  readExactly,
  reason,
  SourceError,
} from "./byte-source";
import { isObject, type JsonObject, parseStrictJson } from "./strict-json";

/** A folder's file under its full name ("code_high/config.json"), null where there is none. */
export async function findFile(
  folder: FolderSource,
  path: string,
  signal?: AbortSignal,
): Promise<Result<ByteSource | null>> {
  if (signal?.aborted) return cancelled();
  const name = `${folder.name.replace(/\/+$/, "")}/${path}`;
  try {
    const source = await folder.file(path, signal);
    if (!source) return ok(null);
    return ok({ name, size: source.size, read: (start, end, abort) => source.read(start, end, abort) });
  } catch (error) {
    if (signal?.aborted) return cancelled();
    if (error instanceof SourceError) return { ok: false, problem: { file: name, ...error.problem } };
    return fail("network", `could not be opened (${reason(error)}).`, {
      file: name,
      remedy: "Check the connection, or choose the folder again.",
    });
  }
}

/** A text file in whole, at most `limit` bytes; null where there is none. */
export async function readText(
  folder: FolderSource,
  path: string,
  limit: number,
  signal?: AbortSignal,
): Promise<Result<{ readonly file: string; readonly text: string } | null>> {
  const found = await findFile(folder, path, signal);
  if (!found.ok || !found.value) return found as Result<null>;
  const { name: file, size } = found.value;
  if (size > limit)
    return fail("bad-file", `has ${size} bytes, more than the ${limit} that such a file may have.`, {
      file,
      remedy: "Check that it is the right file.",
    });
  const bytes = await readExactly(found.value, 0, size, signal);
  if (!bytes.ok) return bytes;
  try {
    return ok({ file, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes.value) });
  } catch {
    return fail("bad-file", "is not valid UTF-8 text.", { file, remedy: "Download it again." });
  }
}

/** What a JSON file may have at most: its size in bytes, and values in all. */
export interface JsonLimits {
  readonly bytes: number;
  readonly values: number;
}

/** Of config.json and its like; the largest hold a few thousand added tokens. */
export const CONFIG_LIMITS: JsonLimits = { bytes: 16 * 2 ** 20, values: 250_000 };

/** A JSON object from a file, null where there is none. */
export async function readJsonObject(
  folder: FolderSource,
  path: string,
  { bytes, values }: JsonLimits,
  signal?: AbortSignal,
): Promise<Result<{ readonly file: string; readonly json: JsonObject } | null>> {
  const text = await readText(folder, path, bytes, signal);
  if (!text.ok || !text.value) return text as Result<null>;
  const { file } = text.value;
  const json = parseStrictJson(text.value.text, file, { maxValues: values });
  if (!json.ok) return json;
  if (isObject(json.value)) return ok({ file, json: json.value });
  return fail("bad-file", "its JSON is no object.", { file, remedy: "Download it again." });
}
