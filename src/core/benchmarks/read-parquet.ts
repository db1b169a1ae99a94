import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet";
import { quote, shorten } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import type { Row } from "./row";

/** Bytes that all columns may take once unpacked. */
const MAX_UNPACKED = 1024 * 1024 * 1024;
const MAX_DEPTH = 16;
const CODECS: ReadonlySet<string> = new Set(["UNCOMPRESSED", "SNAPPY"]);
const MAGIC = [0x50, 0x41, 0x52, 0x31];

export const isParquet = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/**
 * A Parquet file → rows. Snappy and uncompressed pages; other codecs are refused by name and column. 64-bit integers
 * become numbers where they are safe ones, else text; dates become ISO 8601 text.
 */
export async function readParquetRows(
  bytes: Uint8Array,
  file: string,
  maxRows: number,
): Promise<Result<readonly Row[]>> {
  const buffer = bytes.slice().buffer;
  let metadata: FileMetaData;
  try {
    metadata = parquetMetadata(buffer);
  } catch (error) {
    return damaged(error, file);
  }
  const refused = refuse(metadata, file, maxRows);
  if (refused !== null) return refused;
  try {
    const rows = await parquetReadObjects({ file: buffer, metadata });
    return ok(rows.map((row) => clean(row, 0) as Row));
  } catch (error) {
    return damaged(error, file);
  }
}

function refuse(metadata: FileMetaData, file: string, maxRows: number): Result<never> | null {
  if (metadata.num_rows > BigInt(maxRows))
    return fail("bad-file", `has more than ${maxRows} rows.`, { file, remedy: "Keep fewer rows." });
  const names = metadata.schema.map((element) => element.name);
  if (names.includes("__proto__"))
    return fail("bad-file", 'a column is called "__proto__".', {
      file,
      remedy: "Name the column otherwise.",
    });
  let unpacked = 0n;
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data } of columns) {
      if (!meta_data) continue;
      unpacked += meta_data.total_uncompressed_size;
      if (!CODECS.has(meta_data.codec))
        return fail(
          "bad-file",
          `its column ${quote(meta_data.path_in_schema.join("."))} is compressed with ${meta_data.codec}, which is not supported.`,
          { file, remedy: "Write it with snappy or without compression, or as JSON Lines." },
        );
    }
  }
  if (unpacked > BigInt(MAX_UNPACKED))
    return fail("bad-file", `its columns take more than ${MAX_UNPACKED / 1024 ** 3} GiB unpacked.`, {
      file,
      remedy: "Keep fewer rows or columns.",
    });
  return null;
}

function damaged(error: unknown, file: string): Result<never> {
  const said = error instanceof Error && error.name === "Error" ? `: ${shorten(error.message)}` : "";
  return fail("bad-file", `cannot be read as Parquet${said}.`, { file, remedy: "Download it again." });
}

function clean(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new Error(`its columns are nested deeper than ${MAX_DEPTH} levels`);
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint")
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : String(value);
  if (typeof value !== "object") return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map((v) => clean(v, depth + 1));
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array, (v: unknown) => clean(v, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, clean(v, depth + 1)]));
}
