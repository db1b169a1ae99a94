import type { ReadableDtype, WritableDtype } from "../checkpoint/dtype";

/** A tensor, or a slice of one, as it is stored: little-endian, whole elements. */
export interface StoredValues {
  readonly dtype: ReadableDtype;
  readonly bytes: Uint8Array;
}

/** Where values go in the dtype of a file: little-endian, whole elements. */
export interface EncodedValues {
  readonly dtype: WritableDtype;
  readonly bytes: Uint8Array;
}

/** Bytes of one element. */
export const bytesPer: Readonly<Record<ReadableDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

/** Elements that methods handle at a time: what K + 3 such blocks of float32 take stays in a core's cache. */
export const BLOCK = 16_384;
