import { availableParallelism } from "node:os";
import type { Ort, Platform } from "../../runtime/ort";
import { openFolder } from "../../runtime/sources/open-folder";
import { nodeFolder } from "./node-folder";
import { nodeHasher } from "./node-hasher";
import { nodeScratch } from "./node-scratch";
import { enableRelaxedSimd } from "./relaxed-simd";

/** onnxruntime keeps the number of threads that it was first loaded with. */
let loadedThreads: number | undefined;

/** Node: onnxruntime-web's WASM, and native onnxruntime where it is installed. No GPU. */
export function nodePlatform(): Platform {
  enableRelaxedSimd();
  return {
    loadWasm: async (threads) => {
      const ort = (await import("onnxruntime-web")) as Ort;
      loadedThreads ??= threads;
      ort.env.wasm.numThreads = loadedThreads;
      return ort;
    },
    loadWebGpu: null,
    loadNative: async () => (await import("onnxruntime-node")) as unknown as Ort,
    gpu: null,
    threadsAllowed: true,
    cores: availableParallelism(),
    folder: nodeFolder,
    openFolder,
    openScratch: nodeScratch,
    loadHasher: async () => nodeHasher,
  };
}
