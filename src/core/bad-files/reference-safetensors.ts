import { referenceJson } from "./reference-json";

export interface DeclaredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export interface DeclaredFile {
  readonly tensors: ReadonlyMap<string, DeclaredTensor>;
  readonly metadata: ReadonlyMap<string, unknown>;
  /** Bytes of data that belong to a tensor, each counted as often as it is claimed. */
  readonly covered: number;
  readonly dataBytes: number;
}

/** What a safetensors file declares, read with JSON.parse and without any check but that no key repeats. */
export function referenceSafetensors(bytes: Uint8Array): DeclaredFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = 8 + Number(view.getBigUint64(0, true));
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start));
  const { value, repeats } = referenceJson(text);
  if (repeats) throw new Error("a name occurs twice");
  const tensors = new Map<string, DeclaredTensor>();
  let metadata: ReadonlyMap<string, unknown> = new Map();
  let covered = 0;
  for (const [name, entry] of Object.entries(value as Record<string, never>)) {
    if (name === "__metadata__") {
      metadata = new Map(Object.entries(entry));
      continue;
    }
    const { dtype, shape, data_offsets } = entry as {
      dtype: string;
      shape: number[];
      data_offsets: [number, number];
    };
    covered += data_offsets[1] - data_offsets[0];
    const data = bytes.slice(start + data_offsets[0], start + data_offsets[1]);
    tensors.set(name, { dtype, shape, data });
  }
  return { tensors, metadata, covered, dataBytes: bytes.length - start };
}

/** Sign, exponent and fraction of a small float, as IEEE 754 lays them out. */
function smallFloat(code: number, exponentBits: number, fractionBits: number, infinities: boolean): number {
  const bias = 2 ** (exponentBits - 1) - 1;
  const fraction = code % 2 ** fractionBits;
  const exponent = Math.floor(code / 2 ** fractionBits) % 2 ** exponentBits;
  const negative = code >= 2 ** (fractionBits + exponentBits);
  const largest = 2 ** exponentBits - 1;
  let value: number;
  if (exponent === largest && infinities) value = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  else if (exponent === largest && fraction === 2 ** fractionBits - 1) value = Number.NaN;
  else if (exponent === 0) value = fraction * 2 ** (1 - bias - fractionBits);
  else value = (2 ** fractionBits + fraction) * 2 ** (exponent - bias - fractionBits);
  return negative ? -value : value;
}

/** Values of a readable dtype, one by one from the definitions of the formats; float32 like the reader's. */
export function referenceValues({ dtype, data }: DeclaredTensor): number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const each = (size: number, read: (at: number) => number) =>
    Array.from({ length: data.length / size }, (_, i) => read(i * size));
  switch (dtype) {
    case "F64":
      return each(8, (at) => Math.fround(view.getFloat64(at, true)));
    case "F32":
      return each(4, (at) => view.getFloat32(at, true));
    case "F16":
      return each(2, (at) => smallFloat(view.getUint16(at, true), 5, 10, true));
    case "BF16":
      return each(2, (at) => smallFloat(view.getUint16(at, true), 8, 7, true));
    case "F8_E4M3":
      return each(1, (at) => smallFloat(view.getUint8(at), 4, 3, false));
    case "F8_E5M2":
      return each(1, (at) => smallFloat(view.getUint8(at), 5, 2, true));
    default:
      throw new Error(`referenceValues: ${dtype}`);
  }
}
