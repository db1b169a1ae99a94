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
}

/** Creates a device with the adapter's own limits; a string says why there is none. */
export async function requestGpuDevice(gpu: GPU | null): Promise<GpuDevice | string> {
  if (!gpu) return "this browser has no WebGPU";
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return "WebGPU found no graphics adapter";
    const requiredLimits = Object.fromEntries(WANTED.map((name) => [name, adapter.limits[name]]));
    const requiredFeatures = (["shader-f16", "subgroups"] as GPUFeatureName[]).filter((f) =>
      adapter.features.has(f),
    );
    const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
    const { vendor, architecture, description } = adapter.info;
    return { device, adapter: description || [vendor, architecture].filter(Boolean).join(" ") || "unnamed" };
  } catch (error) {
    return `the graphics device could not be opened (${error instanceof Error ? error.message : error})`;
  }
}
