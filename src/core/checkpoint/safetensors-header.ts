import { fail, ok, type Result } from "../result";
import { bitsOf } from "./dtype";
import { isObject, type Json, type JsonObject, parseStrictJson, quote, shorten } from "./strict-json";

export interface TensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Absolute byte positions in the file, [start, end). */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of the file. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Bound what a header takes in memory; the largest models have 100,000 tensors in all their files together. */
const MAX_TENSORS = 200_000;
const MAX_NAME = 1000;

const DAMAGED = "The file is damaged or was written by a faulty tool: download or export it again.";

/**
 * Reads the header's JSON and checks it against the file's size: what it declares covers the data exactly, without
 * overlap or gap, in known dtypes. `dataStart` is the position behind the header.
 */
export function parseHeader(
  bytes: Uint8Array,
  file: string,
  dataStart: number,
  fileSize: number,
): Result<SafetensorsHeader> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail("bad-file", "its header is not valid UTF-8.", { file, remedy: DAMAGED });
  }
  if (!text.startsWith("{"))
    return fail("bad-file", 'its header does not begin with "{".', { file, remedy: DAMAGED });
  let metadata: ReadonlyMap<string, string> = new Map();
  const entries: [string, TensorInfo][] = [];
  const member = (name: string, value: Json): string | null => {
    if (name === "__metadata__") {
      if (!isStringMap(value)) return "it is no object of strings.";
      metadata = value;
      return null;
    }
    if (entries.length === MAX_TENSORS) return `it is one tensor more than the ${MAX_TENSORS} that are read.`;
    const wrongName = tensorNameProblem(name);
    if (wrongName) return wrongName;
    const tensor = parseTensor(value, dataStart);
    if (typeof tensor === "string") return tensor;
    entries.push([name, tensor]);
    return null;
  };
  const json = parseStrictJson(text, file, { whole: true, member, remedy: DAMAGED });
  if (!json.ok) return json;
  entries.sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  return checkCover(entries, file, dataStart, fileSize) ?? ok({ tensors: new Map(entries), metadata });
}

/** Why no tensor is read under this name, or null. Real names have up to 200 characters. */
export function tensorNameProblem(name: string): string | null {
  if (name === "") return "a tensor has an empty name.";
  return name.length > MAX_NAME ? `its name has ${name.length} characters, more than ${MAX_NAME}.` : null;
}

function isStringMap(value: Json): value is JsonObject & ReadonlyMap<string, string> {
  return isObject(value) && Array.from(value.values()).every((v) => typeof v === "string");
}

const isNumbers = (value: Json | undefined): value is number[] =>
  Array.isArray(value) && value.every((v) => typeof v === "number");

/** The tensor, or what is wrong with it. Numbers were checked to be whole, 0 to 2^53 − 1, by the parser. */
function parseTensor(value: Json, dataStart: number): TensorInfo | string {
  if (!isObject(value)) return "its header entry is no object.";
  const dtype = value.get("dtype");
  const shape = value.get("shape");
  const offsets = value.get("data_offsets");
  if (typeof dtype !== "string") return "its dtype is missing or no string.";
  const bits = bitsOf(dtype);
  if (bits === null) return `its dtype ${quote(dtype)} is unknown.`;
  if (!isNumbers(shape)) return "its shape is missing or no list of numbers.";
  if (!isNumbers(offsets) || offsets.length !== 2) return "its data_offsets are no pair of numbers.";
  const [begin, end] = offsets as [number, number];
  if (begin > end) return `its data_offsets run backwards, from ${begin} to ${end}.`;
  if (!Number.isSafeInteger(dataStart + end)) return `its data_offsets end at ${end}, beyond any file.`;
  let elements = 1;
  for (const size of shape) {
    elements *= size;
    if (elements * bits > Number.MAX_SAFE_INTEGER)
      return `its shape [${shorten(shape.join(", "))}] is too large.`;
  }
  if ((elements * bits) % 8 !== 0) return `its ${elements} ${dtype} values do not fill whole bytes.`;
  const needed = (elements * bits) / 8;
  if (needed !== end - begin)
    return `its shape [${shorten(shape.join(", "))}] in ${dtype} needs ${needed} bytes, but its data_offsets span ${end - begin}.`;
  return { dtype, shape, start: dataStart + begin, end: dataStart + end };
}

/** Sorted tensors must follow one another without overlap or gap, from the header's end to the file's. */
function checkCover(
  entries: readonly [string, TensorInfo][],
  file: string,
  dataStart: number,
  fileSize: number,
): Result<never> | null {
  let position = dataStart;
  let previous: string | null = null;
  for (const [name, { start, end }] of entries) {
    const where = { file, tensor: shorten(name), remedy: DAMAGED };
    if (start < position)
      return fail("bad-file", `its data overlaps that of ${quote(previous ?? "the header")}.`, where);
    if (start > position)
      return fail("bad-file", `${start - position} bytes before its data belong to no tensor.`, where);
    if (end > fileSize)
      return fail(
        "bad-file",
        `its data ends at byte ${end}, but the file has only ${fileSize}: it is cut off.`,
        where,
      );
    position = end;
    previous = name;
  }
  if (position === fileSize) return null;
  return fail("bad-file", `${fileSize - position} bytes at its end belong to no tensor.`, {
    file,
    remedy: DAMAGED,
  });
}
