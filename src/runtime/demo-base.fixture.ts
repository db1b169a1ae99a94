import { readFileSync } from "node:fs";
import type { Backend } from "./backend";
import { openModelFiles } from "./model-files.fixture";

const BASE = new URL("../../public/zoo/demo/base/", import.meta.url);

/** The demo set's base (or another small model of its own folder), ready to be scored on a backend. */
export const demoBase = (backend: Backend, folder: URL = BASE) =>
  openModelFiles(backend, {
    text: (name) => readFileSync(new URL(name, folder), "utf8"),
    weights: new Uint8Array(readFileSync(new URL("model.safetensors", folder))),
  });
