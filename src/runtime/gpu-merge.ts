const GROUP = 256;

/**
 * Compute shader for out = Σ weights[i] · tensor i over float32 buffers on one device. With more members than bindings
 * the sum is made in several passes, later ones adding to `out`.
 */
export class GpuMerge {
  private readonly pipelines = new Map<string, GPUComputePipeline>();
  /** Members in one pass: all storage bindings but the output's. */
  private readonly most: number;

  constructor(private readonly device: GPUDevice) {
    this.most = Math.min(device.limits.maxStorageBuffersPerShaderStage - 1, 15);
  }

  /** Records the merge of one tensor of `size` values; `encoder` is submitted by the caller. */
  record(
    encoder: GPUCommandEncoder,
    tensors: readonly GPUBuffer[],
    weights: readonly number[],
    out: GPUBuffer,
    size: number,
  ): GPUBuffer[] {
    const scratch: GPUBuffer[] = [];
    for (let from = 0; from < tensors.length; from += this.most) {
      const part = tensors.slice(from, from + this.most);
      const pipeline = this.pipeline(part.length, from > 0);
      const uniform = this.device.createBuffer({
        size: 16 * (1 + Math.ceil(part.length / 4)),
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
      scratch.push(uniform);
      const groups = Math.ceil(size / GROUP);
      const wide = Math.min(groups, this.device.limits.maxComputeWorkgroupsPerDimension);
      const words = new Uint32Array(uniform.size / 4);
      words[0] = size;
      words[1] = wide * GROUP;
      new Float32Array(words.buffer).set(weights.slice(from, from + part.length), 4);
      this.device.queue.writeBuffer(uniform, 0, words);
      const entries = [uniform, out, ...part].map((buffer, binding) => ({ binding, resource: { buffer } }));
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
      pass.dispatchWorkgroups(wide, Math.ceil(groups / wide));
      pass.end();
    }
    return scratch;
  }

  private pipeline(members: number, add: boolean): GPUComputePipeline {
    const key = `${members} ${add}`;
    let pipeline = this.pipelines.get(key);
    if (!pipeline) {
      const module = this.device.createShaderModule({ code: shader(members, add) });
      pipeline = this.device.createComputePipeline({
        layout: "auto",
        compute: { module, entryPoint: "main" },
      });
      this.pipelines.set(key, pipeline);
    }
    return pipeline;
  }
}

function shader(members: number, add: boolean): string {
  const all = Array.from({ length: members }, (_, i) => i);
  return `
struct Job { size: u32, stride: u32, weights: array<vec4<f32>, ${Math.ceil(members / 4)}> }
@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
${all.map((i) => `@group(0) @binding(${i + 2}) var<storage, read> t${i}: array<f32>;`).join("\n")}
@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * job.stride + id.x;
  if (i >= job.size) { return; }
  var sum = ${add ? "result[i]" : "0.0"};
${all.map((i) => `  sum += job.weights[${i >> 2}][${i & 3}] * t${i}[i];`).join("\n")}
  result[i] = sum;
}`;
}
