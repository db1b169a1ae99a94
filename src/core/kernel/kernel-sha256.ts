import type { Compress } from "../checkpoint/sha256-stream";
import { KernelMemory, RAW_BYTES } from "./kernel-memory";
import type { KernelExports } from "./kernel-module";

/** SHA-256's compression in the kernel. */
export function kernelCompress(kernel: KernelExports): Compress {
  const memory = new KernelMemory(kernel);
  const words = new Int32Array(kernel.memory.buffer, memory.stage, 8);
  return (state, bytes, at, blocks) => {
    words.set(state);
    const end = at + 64 * blocks;
    for (let from = at; from < end; from += RAW_BYTES) {
      const to = Math.min(from + RAW_BYTES, end);
      kernel.sha256(memory.stage, memory.bring(bytes, from, to, memory.raw), (to - from) / 64);
    }
    state.set(words);
  };
}
