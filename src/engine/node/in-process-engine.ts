import type { TensorReader } from "../../core/merge/merge-plan";
import type { Result } from "../../core/result";
import type { BackendInfo, MeasureOutcome } from "../../protocol/engine-protocol";
import { EngineHost, type HostCall } from "../../runtime/engine-host";
import type { Platform } from "../../runtime/ort";
import type { Engine } from "../engine";
import { nodePlatform } from "./node-platform";

export interface InProcessEngine extends Engine {
  /** Scores any weights of the open set's shape. */
  measureWeights(
    reader: TensorReader,
    call?: HostCall & { known?: Float32Array },
  ): Promise<Result<MeasureOutcome>>;
}

/** The engine in this very thread, for the command line and for tests. Sets are named by path. */
export function createInProcessEngine(platform: Platform = nodePlatform()): InProcessEngine {
  const listeners = new Set<(why: string, backend?: BackendInfo) => void>();
  const host = new EngineHost(platform, (why, backend) => {
    for (const listener of listeners) listener(why, backend);
  });
  return {
    start: (_signal, options) => host.start(options),
    openSet: (signal, setUrl, onProgress) => host.openSet(setUrl, { signal, onProgress }),
    measure: (signal, request, onUpdate) => host.measure(request, { signal, onUpdate }),
    measureWeights: (reader, { known, ...call } = {}) =>
      host.measure({ subject: { kind: "weights", reader }, ...(known && { known }) }, call),
    onRestart: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => void host.close(),
  };
}
