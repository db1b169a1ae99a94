import type { BackendKind } from "../core/scoring/measurement";
import type { BackendInfo } from "../protocol/engine-protocol";
import type { EngineStatus } from "../state/workbench-store";
import type { Tone } from "./InfoChip";

const NAMES: Readonly<Record<BackendKind, string>> = {
  webgpu: "WebGPU",
  "wasm-threads": "WASM",
  wasm: "WASM",
  native: "native",
  imported: "imported",
};

export function backendName({ kind, threads }: BackendInfo): string {
  const name = NAMES[kind];
  return kind === "webgpu" ? name : `${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/** The self-test of the backend in use. */
export const verdict = (backend: BackendInfo): string => {
  const test = backend.selfTests.find((t) => t.backend === backend.kind);
  return test ? `self-test ${test.passed ? "passed" : "failed"}` : "no self-test";
};

/** One line for the header. */
export function engineLine(engine: EngineStatus): { readonly text: string; readonly tone: Tone } {
  switch (engine.phase) {
    case "off":
      return { text: "engine not started", tone: "none" };
    case "starting":
      return { text: "starting the engine …", tone: "busy" };
    case "opening": {
      const p = engine.progress;
      const share = p && p.total > 0 ? ` ${Math.round((p.done / p.total) * 100)} %` : "";
      return { text: `${backendName(engine.backend)} · reading weights${share}`, tone: "busy" };
    }
    case "ready":
      return { text: `${backendName(engine.backend)} · ${verdict(engine.backend)}`, tone: "good" };
    case "failed":
      return { text: "the engine does not run", tone: "bad" };
  }
}
