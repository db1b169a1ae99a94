import { isObject, type Json, parseStrictJson, toPlain } from "../checkpoint/strict-json";
import { fail, ok, type Result } from "../result";
import { decodeText, unpack } from "./decode-text";
import { isParquet, readParquetRows } from "./read-parquet";
import type { Row } from "./row";

/** Rows of one file; beyond the training splits of all nine benchmarks. */
export const MAX_ROWS = 200_000;
const ROW_REMEDY = "Write one JSON object a row.";

/**
 * A data file → its rows. JSON Lines, JSON (a list of objects, or such a list as `data` or `rows`; the Hub's rows API
 * too), Parquet, each also as .gz. The content decides, the name is only shown. Refuses damaged lines by file and line.
 */
export async function readRows(bytes: Uint8Array, file: string): Promise<Result<readonly Row[]>> {
  const plain = await unpack(bytes, file);
  if (!plain.ok) return plain;
  if (isParquet(plain.value)) return readParquetRows(plain.value, file, MAX_ROWS);
  const text = decodeText(plain.value, file);
  if (!text.ok) return text;
  const rows = readTextRows(text.value, file);
  if (rows.ok && rows.value.length === 0)
    return fail("bad-file", "has no rows.", { file, remedy: ROW_REMEDY });
  return rows;
}

/** Labels alone, one a line. */
const LABELS = /^\s*-?\d{1,9}(?:\s*\n\s*-?\d{1,9})*\s*$/;

/** The same for a text of JSON or JSON Lines; lines of whole numbers become rows with the field `label`. */
export function readTextRows(text: string, file: string): Result<readonly Row[]> {
  if (/^\s*-?\d/.test(text) && LABELS.test(text)) {
    const labels = text.trim().split(/\s*\n\s*/);
    return labels.length > MAX_ROWS ? tooMany(file) : ok(labels.map((label) => ({ label: Number(label) })));
  }
  if (isLines(text)) return readLines(text, file);
  const json = parseStrictJson(text, file);
  if (!json.ok) return json;
  return rowsOf(json.value, file);
}

/** JSON Lines where the first line that is not blank holds a whole object. */
function isLines(text: string): boolean {
  const start = text.search(/[^\s\uFEFF]/);
  if (start < 0) return true;
  if (text[start] !== "{") return false;
  const end = text.indexOf("\n", start);
  if (end < 0) return false;
  return parseStrictJson(text.slice(start, end), "").ok && /\S/.test(text.slice(end, end + 4096));
}

function readLines(text: string, file: string): Result<readonly Row[]> {
  const rows: Row[] = [];
  let line = 0;
  for (let from = 0; from < text.length; ) {
    line++;
    const to = text.indexOf("\n", from);
    const part = to < 0 ? text.slice(from) : text.slice(from, to);
    from = to < 0 ? text.length : to + 1;
    if (!/[^\s\uFEFF]/.test(part)) continue;
    const json = parseStrictJson(part, file);
    if (!json.ok) {
      const message = json.problem.message.replace("(line 1,", `(line ${line},`);
      return { ok: false, problem: { ...json.problem, message } };
    }
    if (!isObject(json.value))
      return fail("bad-file", `line ${line} is no JSON object.`, { file, remedy: ROW_REMEDY });
    if (rows.length === MAX_ROWS) return tooMany(file);
    rows.push(toPlain(json.value) as Row);
  }
  return ok(rows);
}

function rowsOf(value: Json, file: string): Result<readonly Row[]> {
  const list = listOf(value);
  if (list === null) {
    if (isObject(value)) return ok([toPlain(value) as Row]);
    return fail("bad-file", "holds neither a list of objects nor an object with one.", {
      file,
      remedy: ROW_REMEDY,
    });
  }
  if (list.length > MAX_ROWS) return tooMany(file);
  const rows: Row[] = [];
  for (const [i, entry] of list.entries()) {
    if (!isObject(entry))
      return fail("bad-file", `entry ${i} of its list is no object.`, { file, remedy: ROW_REMEDY });
    const inner = entry.get("row");
    rows.push(toPlain(isObject(inner) && entry.has("row_idx") ? inner : entry) as Row);
  }
  return ok(rows);
}

function listOf(value: Json): readonly Json[] | null {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return null;
  for (const key of ["data", "rows"]) {
    const list = value.get(key);
    if (Array.isArray(list)) return list;
  }
  return null;
}

const tooMany = (file: string): Result<never> =>
  fail("bad-file", `has more than ${MAX_ROWS} rows.`, { file, remedy: "Keep fewer rows." });
