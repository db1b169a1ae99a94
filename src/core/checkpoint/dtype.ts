/** Bits per element of every dtype that the safetensors format knows. */
const BITS: ReadonlyMap<string, number> = new Map([
  ["F64", 64],
  ["F32", 32],
  ["F16", 16],
  ["BF16", 16],
  ["I64", 64],
  ["I32", 32],
  ["I16", 16],
  ["I8", 8],
  ["U64", 64],
  ["U32", 32],
  ["U16", 16],
  ["U8", 8],
  ["BOOL", 8],
  ["C64", 64],
  ["F8_E4M3", 8],
  ["F8_E5M2", 8],
  ["F8_E8M0", 8],
  ["F6_E2M3", 6],
  ["F6_E3M2", 6],
  ["F4", 4],
]);

/** Null for a name that is no dtype. */
export const bitsOf = (dtype: string): number | null => BITS.get(dtype) ?? null;

/** The dtypes whose values the workbench reads. */
export const READABLE = ["F32", "F16", "BF16", "F64", "F8_E4M3", "F8_E5M2"] as const;
export type ReadableDtype = (typeof READABLE)[number];
export const isReadable = (dtype: string): dtype is ReadableDtype =>
  (READABLE as readonly string[]).includes(dtype);

/** The dtypes that the workbench writes. */
export type WritableDtype = "F32" | "F16" | "BF16";

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** One IEEE 754 half from its 16 bits. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halves: Float32Array | undefined;

/** F16 → float32 through a table of all 65,536 halves. */
export function decodeF16(raw: Uint16Array, out: Float32Array): void {
  halves ??= Float32Array.from({ length: 65536 }, (_, h) => halfToFloat(h));
  for (let i = 0; i < raw.length; i++) out[i] = halves[raw[i]!]!;
}

/**
 * One F8_E4M3 from its 8 bits, in the variant without infinities that PyTorch calls e4m3fn: only 0x7f and 0xff are NaN, so
 * that the largest value is 448.
 */
export function e4m3ToFloat(code: number): number {
  const sign = code & 0x80 ? -1 : 1;
  const exponent = (code >> 3) & 15;
  const fraction = code & 7;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -9 : sign * (1 + fraction / 8) * 2 ** (exponent - 7);
}

/** One F8_E5M2 from its 8 bits: the upper byte of an IEEE 754 half. */
export const e5m2ToFloat = (code: number): number => halfToFloat(code << 8);

const codes = new Map<ReadableDtype, Float32Array>();

/** Values of all 256 codes of an 8-bit dtype. */
function codeTable(dtype: "F8_E4M3" | "F8_E5M2"): Float32Array {
  let table = codes.get(dtype);
  if (!table) {
    const value = dtype === "F8_E4M3" ? e4m3ToFloat : e5m2ToFloat;
    table = Float32Array.from({ length: 256 }, (_, code) => value(code));
    codes.set(dtype, table);
  }
  return table;
}

/** BF16 → float32: the 16 bits are float32's upper half. */
export function decodeBF16(raw: Uint16Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, raw.length);
  for (let i = 0; i < raw.length; i++) words[i] = raw[i]! << 16;
}

/** float32 → BF16 bits, to nearest even; NaN stays NaN. */
export function floatToBF16(value: number): number {
  float[0] = value;
  const word = bits[0]!;
  if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40;
  return ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) & 0xffff;
}

/** float32 → F16 bits, to nearest even; from 65,520 on it is infinite; NaN stays NaN. */
export function floatToF16(value: number): number {
  float[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rebased = magnitude - 0x38000000;
    return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
  }
  return sign | roundHalfEven(Math.abs(float[0]!) * 2 ** 24);
}

/** Non-negative x, exact in float64, to the nearest whole number, ties to even. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** Little-endian bytes of `values` in `dtype`. */
export function encode(values: Float32Array, dtype: WritableDtype): Uint8Array {
  if (dtype === "F32") return new Uint8Array(values.slice().buffer);
  const convert = dtype === "BF16" ? floatToBF16 : floatToF16;
  const raw = new Uint16Array(values.length);
  for (let i = 0; i < raw.length; i++) raw[i] = convert(values[i]!);
  return new Uint8Array(raw.buffer);
}

/** float32 values of little-endian bytes, F64 rounded to nearest even; they own their whole buffer. `bytes` must hold whole elements. */
export function decode(bytes: Uint8Array, dtype: ReadableDtype): Float32Array<ArrayBuffer> {
  if (dtype === "F8_E4M3" || dtype === "F8_E5M2") {
    const table = codeTable(dtype);
    const values = new Float32Array(bytes.length);
    for (let i = 0; i < values.length; i++) values[i] = table[bytes[i]!]!;
    return values;
  }
  const own = ownBuffer(bytes);
  if (dtype === "F32") return new Float32Array(own);
  if (dtype === "F64") return Float32Array.from(new Float64Array(own));
  const raw = new Uint16Array(own);
  const out = new Float32Array(raw.length);
  if (dtype === "F16") decodeF16(raw, out);
  else decodeBF16(raw, out);
  return out;
}

/** The bytes' own buffer, or a copy. Not `slice`: Node's Buffer, a Uint8Array too, overrides it with a view. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) return buffer;
  return new Uint8Array(bytes).buffer;
}

/** Index of the first NaN or infinity, −1 where all are finite. */
export function firstNonFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return i;
  return -1;
}
