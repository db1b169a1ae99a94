import asyncifyMjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import asyncifyWasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import threadedMjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import threadedWasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { loadHasher } from "../core/kernel/load-kernel";
import type { Ort, Platform } from "./ort";
import type { ByteCache } from "./sources/byte-cache";
import { httpFolder } from "./sources/http-folder";
import { openFolder } from "./sources/open-folder";
import { opfsScratch } from "./streamed/opfs-scratch";

const absolute = (url: string): string => new URL(url, import.meta.url).href;

/** onnxruntime keeps the number of threads that it was first loaded with. */
let loadedThreads: number | undefined;

/**
 * A module worker of a browser; onnxruntime is loaded when a backend is first opened. Remote bytes go through the cache
 * that `cache` gives, where it gives one.
 */
export function browserPlatform(cache: () => ByteCache | null = () => null): Platform {
  const gpu = navigator.gpu ?? null;
  return {
    loadWasm: async (threads) => {
      const ort = (await import("onnxruntime-web/wasm")) as Ort;
      ort.env.wasm.wasmPaths = { mjs: absolute(threadedMjs), wasm: absolute(threadedWasm) };
      loadedThreads ??= threads;
      ort.env.wasm.numThreads = loadedThreads;
      return ort;
    },
    loadWebGpu: async () => {
      const ort = (await import("onnxruntime-web/webgpu")) as Ort;
      ort.env.wasm.wasmPaths = { mjs: absolute(asyncifyMjs), wasm: absolute(asyncifyWasm) };
      ort.env.wasm.numThreads = 1;
      return ort;
    },
    loadNative: null,
    gpu,
    threadsAllowed: globalThis.crossOriginIsolated === true,
    cores: navigator.hardwareConcurrency || 1,
    folder: (url) => httpFolder(url),
    openFolder: (ref) => {
      const kept = cache();
      return openFolder(ref, kept ? { cache: kept } : {});
    },
    openScratch: opfsScratch,
    loadHasher,
  };
}
