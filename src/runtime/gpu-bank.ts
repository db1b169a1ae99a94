import { linear } from "../core/merge/linear";
import type { TensorReader } from "../core/merge/merge-plan";
import { ok, type Result } from "../core/result";
import type { Backend } from "./backend";
import { GpuMerge } from "./gpu-merge";
import type { Feeds } from "./ort";
import { type BankOptions, elements, readMembers, readTensorOf, type WeightBank } from "./weight-bank";

const DEFAULT_BUDGET = 2 ** 30;

/** The members' tensors in GPU memory, merged by a compute shader into the buffers that the decoder reads. */
export class GpuBank implements WeightBank {
  readonly feeds: Feeds = {};
  residentBytes: number;
  private readonly outputs = new Map<string, GPUBuffer>();
  private readonly inputs = new Map<string, GPUBuffer>();
  private readonly merger: GpuMerge;
  /** Whether all members fit; otherwise they are merged on the CPU and uploaded. */
  private readonly onGpu: boolean;

  constructor(
    backend: Backend,
    private readonly device: GPUDevice,
    private readonly options: BankOptions,
  ) {
    this.merger = new GpuMerge(device);
    let bytes = 0;
    for (const { name, shape } of options.inputs) {
      const buffer = this.buffer(elements(shape));
      this.outputs.set(name, buffer);
      bytes += buffer.size;
      this.feeds[name] = backend.ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: [...shape] });
    }
    this.residentBytes = bytes;
    this.onGpu = bytes * options.members.length <= (options.gpuBudget ?? DEFAULT_BUDGET);
  }

  async merge(weights: readonly number[], signal?: AbortSignal): Promise<Result<null>> {
    return this.onGpu ? this.mergeOnGpu(weights, signal) : this.mergeOnCpu(weights, signal);
  }

  async load(reader: TensorReader, signal?: AbortSignal): Promise<Result<null>> {
    for (const [name, out] of this.outputs) {
      const read = await readTensorOf(reader, name, out.size / 4, signal);
      if (!read.ok) return read;
      this.upload(out, read.value);
    }
    return ok(null);
  }

  close(): void {
    for (const buffer of [...this.outputs.values(), ...this.inputs.values()]) buffer.destroy();
  }

  private async mergeOnGpu(weights: readonly number[], signal?: AbortSignal): Promise<Result<null>> {
    const used = weights.flatMap((w, i) => (w === 0 ? [] : [i]));
    for (const i of used) {
      const ready = await this.ensureMember(i, signal);
      if (!ready.ok) return ready;
    }
    const encoder = this.device.createCommandEncoder();
    const scratch = [...this.outputs].flatMap(([name, out]) => {
      const tensors = used.map((i) => this.inputs.get(`${i} ${name}`)!);
      return this.merger.record(
        encoder,
        tensors,
        used.map((i) => weights[i]!),
        out,
        out.size / 4,
      );
    });
    this.device.queue.submit([encoder.finish()]);
    await this.device.queue.onSubmittedWorkDone();
    for (const buffer of scratch) buffer.destroy();
    return ok(null);
  }

  /** Uploads a member's tensors the first time that it is used. */
  private async ensureMember(i: number, signal?: AbortSignal): Promise<Result<null>> {
    for (const { name, shape } of this.options.inputs) {
      const key = `${i} ${name}`;
      if (this.inputs.has(key)) continue;
      const read = await readTensorOf(this.options.members[i]!, name, elements(shape), signal);
      if (!read.ok) return read;
      const buffer = this.buffer(elements(shape));
      this.upload(buffer, read.value);
      this.inputs.set(key, buffer);
      this.residentBytes += buffer.size;
    }
    return ok(null);
  }

  private async mergeOnCpu(weights: readonly number[], signal?: AbortSignal): Promise<Result<null>> {
    for (const [name, out] of this.outputs) {
      const read = await readMembers(name, out.size / 4, this.options.members, weights, signal);
      if (!read.ok) return read;
      const data = new Float32Array(out.size / 4);
      linear.merge(read.value.values, read.value.weights, data, { settings: { normalize: 0 } });
      this.upload(out, data);
    }
    return ok(null);
  }

  private upload(buffer: GPUBuffer, values: Float32Array): void {
    this.device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
  }

  private buffer(size: number): GPUBuffer {
    return this.device.createBuffer({
      size: size * 4,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
  }
}
