import { setFlagsFromString } from "node:v8";
import { kernelBinary } from "../../core/kernel/kernel-module";

/** Lets WebAssembly use relaxed SIMD, which Node 20 has behind a flag; call it before the kernel is loaded. */
export function enableRelaxedSimd(): void {
  if (!WebAssembly.validate(kernelBinary("relaxed"))) setFlagsFromString("--experimental-wasm-relaxed-simd");
}
