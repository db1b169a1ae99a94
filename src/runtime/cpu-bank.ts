import type { TensorReader } from "../core/merge/merge-plan";
import { ok, type Result } from "../core/result";
import type { Backend } from "./backend";
import type { Feeds } from "./ort";
import {
  type BankMerge,
  type BankOptions,
  elements,
  mergeInputs,
  readInto,
  type WeightBank,
} from "./weight-bank";

/** Merges on the CPU into arrays that are reused from one mixture to the next. */
export class CpuBank implements WeightBank {
  readonly feeds: Feeds = {};
  readonly residentBytes: number;
  private readonly arrays = new Map<string, Float32Array>();

  constructor(
    backend: Backend,
    private readonly options: BankOptions,
  ) {
    let bytes = 0;
    for (const { name, shape } of options.inputs) {
      const array = new Float32Array(elements(shape));
      bytes += array.byteLength;
      this.arrays.set(name, array);
      this.feeds[name] = new backend.ort.Tensor("float32", array, shape);
    }
    this.residentBytes = bytes;
  }

  merge(merge: BankMerge, signal?: AbortSignal): Promise<Result<null>> {
    return mergeInputs(
      this.options,
      merge,
      ({ tensor, from, values }) => {
        const { buffer, byteOffset } = this.arrays.get(tensor.name)!;
        new Uint8Array(buffer, byteOffset).set(values.bytes, from * 4);
      },
      signal,
    );
  }

  async load(reader: TensorReader, signal?: AbortSignal): Promise<Result<null>> {
    for (const [name, out] of this.arrays) {
      const read = await readInto(out, reader, name, this.options.ops, signal);
      if (!read.ok) return read;
    }
    return ok(null);
  }

  close(): void {
    this.arrays.clear();
  }
}
