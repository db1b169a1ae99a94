import type { ElementRange } from "../checkpoint/safetensors";
import { fail, ok } from "../result";
import { bytesPer, type StoredValues } from "./block-ops";
import type { TensorReader } from "./merge-plan";

/** A view of the elements in a range; all of them without one. */
export function within(values: StoredValues, range: ElementRange | undefined): StoredValues {
  if (!range) return values;
  const size = bytesPer[values.dtype];
  return { dtype: values.dtype, bytes: values.bytes.subarray(range.from * size, range.to * size) };
}

/** Tensors held in memory as a reader; bytes are handed out as views. */
export function storedTensors(name: string, tensors: ReadonlyMap<string, StoredValues>): TensorReader {
  return {
    name,
    values: async (tensor, range) => {
      const values = tensors.get(tensor);
      if (!values) return fail("bad-set", "the component lacks this tensor.", { file: name, tensor });
      return ok(within(values, range));
    },
  };
}

/** The same for float32 arrays. */
export const memoryTensors = (name: string, tensors: ReadonlyMap<string, Float32Array>): TensorReader =>
  storedTensors(
    name,
    new Map(
      Array.from(tensors, ([tensor, { buffer, byteOffset, byteLength }]) => [
        tensor,
        { dtype: "F32", bytes: new Uint8Array(buffer, byteOffset, byteLength) },
      ]),
    ),
  );
