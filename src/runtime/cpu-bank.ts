import { linear } from "../core/merge/linear";
import type { TensorReader } from "../core/merge/merge-plan";
import { ok, type Result } from "../core/result";
import type { Backend } from "./backend";
import type { Feeds } from "./ort";
import { type BankOptions, elements, readMembers, readTensorOf, type WeightBank } from "./weight-bank";

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

  async merge(weights: readonly number[], signal?: AbortSignal): Promise<Result<null>> {
    for (const [name, out] of this.arrays) {
      const read = await readMembers(name, out.length, this.options.members, weights, signal);
      if (!read.ok) return read;
      linear.merge(read.value.values, read.value.weights, out, { settings: { normalize: 0 } });
    }
    return ok(null);
  }

  async load(reader: TensorReader, signal?: AbortSignal): Promise<Result<null>> {
    for (const [name, out] of this.arrays) {
      const read = await readTensorOf(reader, name, out.length, signal);
      if (!read.ok) return read;
      out.set(read.value);
    }
    return ok(null);
  }

  close(): void {
    this.arrays.clear();
  }
}
