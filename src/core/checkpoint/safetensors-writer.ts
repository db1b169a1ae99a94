import { fail, ok, type Result } from "../result";
import { bitsOf, encode, type WritableDtype } from "./dtype";
import { type ExpectedTensor, elementsOf } from "./expected-tensors";
import { quote } from "./strict-json";

export interface WrittenTensor extends ExpectedTensor {
  readonly data: Float32Array;
}

/** transformers refuses files without this entry. */
const METADATA: Readonly<Record<string, string>> = { format: "pt" };

/** The 8-byte length and the JSON header, padded with spaces so that the data begin at a multiple of 8. */
export function safetensorsHeader(
  tensors: readonly ExpectedTensor[],
  dtype: WritableDtype,
  metadata: Readonly<Record<string, string>> = METADATA,
): Uint8Array {
  const entries = [`"__metadata__":${JSON.stringify(metadata)}`];
  const names = new Set(["__metadata__"]);
  let position = 0;
  for (const { name, shape } of tensors) {
    if (names.has(name))
      throw new RangeError(`safetensorsHeader: the name ${quote(name)} cannot be used twice`);
    names.add(name);
    const end = position + (elementsOf(shape) * bitsOf(dtype)!) / 8;
    entries.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [position, end] })}`,
    );
    position = end;
  }
  const json = new TextEncoder().encode(`{${entries.join(",")}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return header;
}

/**
 * A safetensors file as a stream of chunks: the header, then one chunk per tensor. `data` must yield exactly `tensors`,
 * in their order (RangeError otherwise); its first failure is yielded and ends the stream. Values are rounded to
 * nearest even; one that `dtype` cannot hold is refused.
 */
export async function* safetensorsChunks(
  file: string,
  tensors: readonly ExpectedTensor[],
  dtype: WritableDtype,
  data: AsyncIterable<Result<WrittenTensor>>,
  metadata?: Readonly<Record<string, string>>,
): AsyncGenerator<Result<Uint8Array>, void, undefined> {
  yield ok(safetensorsHeader(tensors, dtype, metadata));
  let written = 0;
  for await (const tensor of data) {
    if (!tensor.ok) return yield tensor;
    const expected = tensors[written++];
    const { name, data: values } = tensor.value;
    if (expected?.name !== name || values.length !== elementsOf(expected.shape))
      throw new RangeError(
        `safetensorsChunks: ${quote(name)} came where ${quote(expected?.name ?? "")} belongs`,
      );
    const at = firstUnwritable(values, dtype);
    if (at >= 0)
      return yield fail("bad-file", `its value ${values[at]} cannot be written as ${dtype}.`, {
        file,
        tensor: name,
        remedy: Number.isFinite(values[at])
          ? "Write F32 instead."
          : "The merged model is broken; check the components.",
      });
    yield ok(encode(values, dtype));
  }
  if (written !== tensors.length)
    throw new RangeError(`safetensorsChunks: ${written} of ${tensors.length} tensors came`);
}

/** From half a step above a dtype's largest value on, rounding gives infinity. */
const LIMIT: Record<WritableDtype, number> = {
  F32: Number.POSITIVE_INFINITY,
  F16: 65_520,
  BF16: (2 - 2 ** -8) * 2 ** 127,
};

/** Index of the first value that would become NaN or infinite, −1 where there is none. */
function firstUnwritable(values: Float32Array, dtype: WritableDtype): number {
  const limit = LIMIT[dtype];
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]!) < limit)) return i;
  return -1;
}
