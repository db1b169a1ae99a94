import type { Backend } from "../backend";
import type { Tensor } from "../ort";
import { elements } from "../weight-bank";

/**
 * An array that graphs are fed and that is filled again and again. On a GPU it is uploaded once for all runs that follow;
 * `share` lets two arrays, filled in turn, have one buffer there.
 */
export class DeviceArray {
  readonly host: Float32Array;
  private readonly buffer: GPUBuffer | null;

  constructor(
    private readonly backend: Backend,
    length: number,
    private readonly share?: DeviceArray,
  ) {
    this.host = new Float32Array(length);
    this.buffer =
      share?.buffer ??
      backend.device?.createBuffer({
        size: Math.max(16, length * 4),
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
      }) ??
      null;
  }

  /** The first elements as a tensor of `shape`, with the values that the array has now. */
  tensor(shape: readonly number[]): Tensor {
    const { ort, device } = this.backend;
    const length = elements(shape);
    const values = this.host.subarray(0, length);
    if (!device || !this.buffer) return new ort.Tensor("float32", values, shape);
    device.queue.writeBuffer(this.buffer, 0, values as Float32Array<ArrayBuffer>);
    return ort.Tensor.fromGpuBuffer(this.buffer, { dataType: "float32", dims: [...shape] });
  }

  close(): void {
    if (!this.share) this.buffer?.destroy();
  }
}
