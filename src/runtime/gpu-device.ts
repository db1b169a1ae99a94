/** The limits worth asking for: large weights in one buffer, many components in one merge. */
const WANTED = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
] as const;

export interface GpuDevice {
  readonly device: GPUDevice;
  /** Vendor and architecture, for people. */
  readonly adapter: string;
  readonly emulated: boolean;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/**
 * Creates a device with the adapter's own limits; a string says why there is none. An adapter that emulates a GPU on
 * the CPU is taken only where `software` says so: WASM is faster.
 */
export async function requestGpuDevice(gpu: GPU | null, software: boolean): Promise<GpuDevice | string> {
  if (!gpu) return "this browser has no WebGPU";
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return "WebGPU found no graphics adapter";
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
    const name = description || [vendor, architecture].filter(Boolean).join(" ") || "unnamed";
    const emulated = isFallbackAdapter || SOFTWARE.test(`${name} ${architecture}`);
    if (emulated && !software)
      return `its only adapter (${name}) is emulated on the processor, where WASM is faster`;
    const requiredLimits = Object.fromEntries(WANTED.map((name) => [name, adapter.limits[name]]));
    const requiredFeatures = (["shader-f16", "subgroups"] as GPUFeatureName[]).filter((f) =>
      adapter.features.has(f),
    );
    const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
    return { device, adapter: name, emulated };
  } catch (error) {
    return `the graphics device could not be opened (${error instanceof Error ? error.message : error})`;
  }
}
