import * as ort from "onnxruntime-web";
import { loadHasher } from "../core/kernel/load-kernel";
import type { Platform } from "./ort";
import { openFolder } from "./sources/open-folder";
import { memoryFolders } from "./tiny-set.fixture";

/** Node with onnxruntime-web's WASM on one thread, and the files of a set in memory. */
export const testPlatform = (files: Readonly<Record<string, string | Uint8Array>> = {}): Platform => ({
  loadWasm: async () => {
    ort.env.wasm.numThreads = 1;
    return ort;
  },
  loadWebGpu: null,
  loadNative: null,
  gpu: null,
  threadsAllowed: false,
  cores: 2,
  folder: memoryFolders(files),
  openFolder,
  openScratch: async () => null,
  loadHasher,
});
