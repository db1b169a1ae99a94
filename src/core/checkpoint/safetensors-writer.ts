import { bitsOf } from "./dtype";
import { type ExpectedTensor, elementsOf } from "./expected-tensors";
import { quote } from "./strict-json";

/** A tensor as a file's header declares it. */
export interface DeclaredTensor extends ExpectedTensor {
  /** The safetensors format's name. */
  readonly dtype: string;
}

/** Bytes of a tensor's data. */
export const dataBytes = ({ shape, dtype }: DeclaredTensor): number =>
  (elementsOf(shape) * bitsOf(dtype)!) / 8;

/** transformers refuses files without this entry. */
const METADATA: Readonly<Record<string, string>> = { format: "pt" };

/** The 8-byte length and the JSON header, padded with spaces so that the data begin at a multiple of 8. */
export function safetensorsHeader(
  tensors: readonly DeclaredTensor[],
  metadata: Readonly<Record<string, string>> = METADATA,
): Uint8Array {
  const entries = [`"__metadata__":${JSON.stringify(metadata)}`];
  const names = new Set(["__metadata__"]);
  let position = 0;
  for (const tensor of tensors) {
    const { name, shape, dtype } = tensor;
    if (names.has(name))
      throw new RangeError(`safetensorsHeader: the name ${quote(name)} cannot be used twice`);
    names.add(name);
    const end = position + dataBytes(tensor);
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
