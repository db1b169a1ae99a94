import type { StoredValues } from "../merge/block-ops";
import { fail, ok, type Result } from "../result";
import { type ByteSource, readExactly } from "./byte-source";
import { bitsOf, decode, isReadable, READABLE } from "./dtype";
import { foreignContent, refuseForeign } from "./foreign-formats";
import { parseHeader, type SafetensorsHeader } from "./safetensors-header";
import { shorten } from "./strict-json";

export interface SafetensorsFile extends SafetensorsHeader {
  readonly source: ByteSource;
}

/** Bytes, room for four times the tensors that the largest models have in all their files together. */
export const MAX_HEADER = 2 ** 25;

/** Reads and checks the header (an 8-byte little-endian length, then JSON); the data stays where it is. */
export async function openSafetensors(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<Result<SafetensorsFile>> {
  const file = source.name;
  if (source.size < 8)
    return fail("bad-file", `has ${source.size} bytes, too few for a safetensors file.`, {
      file,
      remedy: "It is empty or cut off: download it again.",
    });
  const prefix = await readExactly(source, 0, 8, signal);
  if (!prefix.ok) return prefix;
  const { buffer, byteOffset } = prefix.value;
  const declared = new DataView(buffer, byteOffset, 8).getBigUint64(0, true);
  const cut = declared > BigInt(source.size - 8);
  if (cut || declared > BigInt(MAX_HEADER)) {
    const known = foreignContent(prefix.value);
    if (known) return refuseForeign(known, file);
    const beyond = cut ? `but the file has ${source.size}` : `more than the ${MAX_HEADER} that are read`;
    return fail("bad-file", `declares a header of ${declared} bytes, ${beyond}.`, {
      file,
      remedy: "It is cut off or no safetensors file: download it again.",
    });
  }
  const dataStart = 8 + Number(declared);
  const bytes = await readExactly(source, 8, dataStart, signal);
  if (!bytes.ok) return bytes;
  const header = parseHeader(bytes.value, file, dataStart, source.size);
  return header.ok ? ok({ source, ...header.value }) : header;
}

/** Elements [from, to) of a tensor; the whole tensor where it is absent. */
export interface ElementRange {
  readonly from: number;
  readonly to: number;
}

/** The tensor's elements as they are stored, row by row. RangeError for a range outside the tensor. */
export async function readStored(
  file: SafetensorsFile,
  name: string,
  range?: ElementRange,
  signal?: AbortSignal,
): Promise<Result<StoredValues>> {
  const where = { file: file.source.name, tensor: shorten(name), remedy: "Open the file again." };
  const info = file.tensors.get(name);
  if (!info) return fail("bad-file", "there is no such tensor in the file.", where);
  const { dtype, start, end } = info;
  if (!isReadable(dtype))
    return fail("bad-file", `its dtype ${dtype} cannot be merged.`, {
      ...where,
      remedy: `Save the checkpoint in one of ${READABLE.join(", ")}.`,
    });
  const size = bitsOf(dtype)! / 8;
  const [from, to] = range ? [start + range.from * size, start + range.to * size] : [start, end];
  if (!(from >= start && from <= to && to <= end))
    throw new RangeError(`readStored: elements ${range?.from} to ${range?.to} of ${name}`);
  const bytes = await readBytes(file, from, to, where.tensor, signal);
  return bytes.ok ? ok({ dtype, bytes: bytes.value }) : bytes;
}

/** All bytes of a tensor, whatever its dtype. */
export async function readRaw(
  file: SafetensorsFile,
  name: string,
  signal?: AbortSignal,
): Promise<Result<Uint8Array>> {
  const info = file.tensors.get(name);
  const tensor = shorten(name);
  if (info) return readBytes(file, info.start, info.end, tensor, signal);
  return fail("bad-file", "there is no such tensor in the file.", {
    file: file.source.name,
    tensor,
    remedy: "Open the file again.",
  });
}

async function readBytes(
  file: SafetensorsFile,
  from: number,
  to: number,
  tensor: string,
  signal?: AbortSignal,
): Promise<Result<Uint8Array>> {
  const bytes = await readExactly(file.source, from, to, signal);
  if (bytes.ok) return bytes;
  return fail(bytes.problem.kind, bytes.problem.message, { ...bytes.problem, tensor });
}

/** The tensor's values in float32, row by row, in a buffer of their own. */
export async function readTensor(
  file: SafetensorsFile,
  name: string,
  signal?: AbortSignal,
): Promise<Result<Float32Array<ArrayBuffer>>> {
  const stored = await readStored(file, name, undefined, signal);
  return stored.ok ? ok(decode(stored.value.bytes, stored.value.dtype)) : stored;
}
