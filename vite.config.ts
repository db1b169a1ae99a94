import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Cross-origin isolation: SharedArrayBuffer, and with it WASM threads, exist only under these headers. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export default defineConfig({
  base: "./",
  plugins: [react()],
  worker: { format: "es" },
  server: { headers: isolation },
  preview: { headers: isolation },
  build: { target: "es2023", sourcemap: false },
  optimizeDeps: {
    exclude: ["onnxruntime-web"],
    // Workers' dependencies, so that the first start of the development server needs no reload.
    include: ["comlink", "@huggingface/hub", "@huggingface/tokenizers", "onnx-buf", "@bufbuild/protobuf"],
  },
});
