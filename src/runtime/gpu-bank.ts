import { asWeightedSum } from "../core/merge/merge-choice";
import type { TensorReader } from "../core/merge/merge-plan";
import { ok, type Result } from "../core/result";
import type { Backend } from "./backend";
import { GpuMerge } from "./gpu-merge";
import type { Feeds } from "./ort";
import {
  type BankMerge,
  type BankOptions,
  elements,
  mergeInputs,
  readInto,
  type WeightBank,
} from "./weight-bank";

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
  /** Base first; null where there is none. */
  private readonly members: readonly (TensorReader | null)[];

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
    this.members = [options.base, ...options.components.map((c) => c.reader)];
    this.onGpu = bytes * this.members.length <= (options.gpuBudget ?? DEFAULT_BUDGET);
  }

  async merge(merge: BankMerge, signal?: AbortSignal): Promise<Result<null>> {
    const weights = this.onGpu ? asWeightedSum(merge.choice, merge.weights) : null;
    return weights ? this.mergeOnGpu(weights, signal) : this.mergeOnCpu(merge, signal);
  }

  async load(reader: TensorReader, signal?: AbortSignal): Promise<Result<null>> {
    for (const [name, out] of this.outputs) {
      const values = new Float32Array(out.size / 4);
      const read = await readInto(values, reader, name, this.options.ops, signal);
      if (!read.ok) return read;
      this.upload(out, values);
    }
    return ok(null);
  }

  close(): void {
    for (const buffer of [...this.outputs.values(), ...this.inputs.values()]) buffer.destroy();
  }

  /** `weights` run over the members, base first. */
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
      const member = this.members[i];
      if (!member) throw new RangeError("GpuBank: there is no base to merge");
      const values = new Float32Array(elements(shape));
      const read = await readInto(values, member, name, this.options.ops, signal);
      if (!read.ok) return read;
      const buffer = this.buffer(values.length);
      this.upload(buffer, values);
      this.inputs.set(key, buffer);
      this.residentBytes += buffer.size;
    }
    return ok(null);
  }

  private mergeOnCpu(merge: BankMerge, signal?: AbortSignal): Promise<Result<null>> {
    return mergeInputs(
      this.options,
      merge,
      ({ tensor, from, values }) => {
        const { buffer, byteOffset, byteLength } = values.bytes;
        this.upload(
          this.outputs.get(tensor.name)!,
          new Float32Array(buffer, byteOffset, byteLength / 4),
          from,
        );
      },
      signal,
    );
  }

  private upload(buffer: GPUBuffer, values: Float32Array, from = 0): void {
    this.device.queue.writeBuffer(buffer, from * 4, values as Float32Array<ArrayBuffer>);
  }

  private buffer(size: number): GPUBuffer {
    return this.device.createBuffer({
      size: size * 4,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
  }
}
