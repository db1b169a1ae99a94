import type * as OrtModule from "onnxruntime-web";
import type { FolderSource } from "../core/checkpoint/byte-source";
import type { Hasher } from "../core/checkpoint/sha256-stream";
import type { FolderRef } from "../protocol/folder-ref";
import type { OpenFolder } from "./sources/open-folder";
import type { OpenScratch } from "./streamed/scratch-file";

/** onnxruntime's common interface; web and native builds have the same one. */
export type Ort = typeof OrtModule;
export type Session = OrtModule.InferenceSession;
export type Tensor = OrtModule.Tensor;
export type Feeds = Record<string, Tensor>;

/** What differs between a browser's worker and Node. */
export interface Platform {
  /** Loads onnxruntime's WASM build; `env.wasm.numThreads` is `threads`, or what it was first loaded with. */
  loadWasm(threads: number): Promise<Ort>;
  /** Loads the build with the WebGPU execution provider; null where there is none. */
  readonly loadWebGpu: (() => Promise<Ort>) | null;
  /** Loads native onnxruntime; null where there is none. */
  readonly loadNative: (() => Promise<Ort>) | null;
  readonly gpu: GPU | null;
  /** Whether WASM threads can run (cross-origin isolation in a browser). */
  readonly threadsAllowed: boolean;
  readonly cores: number;
  /** A folder by its URL or path, ending in "/". */
  folder(url: string): FolderSource;
  /** A folder that was chosen or named. */
  openFolder(ref: FolderRef): OpenFolder;
  /** A file for intermediate values of models that do not fit; null where there is no room for one. */
  openScratch: OpenScratch;
  /** Makes hashers of the fastest kind there is here. */
  loadHasher(): Promise<() => Hasher>;
}
