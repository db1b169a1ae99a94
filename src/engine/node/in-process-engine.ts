import type { TensorReader } from "../../core/merge/merge-plan";
import { fail, type Result } from "../../core/result";
import type { BackendInfo, MeasureOutcome } from "../../protocol/engine-protocol";
import { EngineHost, type HostCall } from "../../runtime/engine-host";
import type { Platform } from "../../runtime/ort";
import { type CodeRunner, lazyCodeRunner } from "../code-runner";
import type { Engine } from "../engine";
import { nodeOutput } from "./node-output";
import { nodePlatform } from "./node-platform";

export interface InProcessEngine extends Engine {
  /** Scores any weights of the open set's shape. */
  measureWeights(
    reader: TensorReader,
    call?: HostCall & { known?: Float32Array },
  ): Promise<Result<MeasureOutcome>>;
}

const noCache = (): Result<never> => fail("backend", "remote bytes are kept in a browser only.");

/**
 * The engine in this very thread, for the command line and for tests. Sets are named by path. `openRunner` starts Python
 * for tasks that run code.
 */
export function createInProcessEngine(
  platform: Platform = nodePlatform(),
  openRunner: (() => Promise<CodeRunner>) | null = null,
): InProcessEngine {
  const listeners = new Set<(why: string, backend?: BackendInfo) => void>();
  const host = new EngineHost(platform, (why, backend) => {
    for (const listener of listeners) listener(why, backend);
  });
  const runner = openRunner && lazyCodeRunner(openRunner);
  if (runner) host.setRunCode(runner.run);
  return {
    start: (_signal, options) => host.start(options),
    inspect: (signal, folder) => host.inspect(folder, signal),
    openSet: (signal, set, onProgress) => host.openSet(set, { signal, onProgress }),
    checkHealth: (signal, onProgress) => host.checkHealth({ signal, onProgress }),
    write: async (signal, { target, ...request }, onProgress) => {
      if (target.kind !== "path") return fail("backend", "outside a browser a model is written to a path.");
      return host.write(request, nodeOutput(target.path), { signal, onProgress });
    },
    measure: (signal, request, onUpdate) => host.measure(request, { signal, onUpdate }),
    setTasks: (_signal, tasks) => host.setTasks(tasks),
    previewItem: (_signal, task, item) => host.previewItem(task, item),
    measureItem: (signal, request) => host.measureItem(request, signal),
    cacheState: async () => noCache(),
    evict: async () => noCache(),
    setCacheBudget: async () => noCache(),
    measureWeights: (reader, { known, ...call } = {}) =>
      host.measure({ subject: { kind: "weights", reader }, ...(known && { known }) }, call),
    onRestart: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      runner?.close();
      void host.close();
    },
  };
}
