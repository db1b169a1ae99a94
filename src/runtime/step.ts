import type { Feeds } from "./ort";

/** What a step of generation is fed besides weights and cache. */
export interface StepFeeds {
  readonly ids: Int32Array;
  readonly positions: BigInt64Array;
  /** [rows, 1, 1, length, keys] */
  readonly mask: Float32Array;
}

export interface Step {
  readonly logits: Float32Array;
  readonly cache: Feeds;
}

/** Frees tensors that live on the device. */
export function release(tensors: Feeds): void {
  for (const tensor of Object.values(tensors)) if (tensor.location === "gpu-buffer") tensor.dispose();
}
