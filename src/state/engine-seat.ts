import type { Result } from "../core/result";
import type { Engine } from "../engine/engine";
import type { BackendInfo, StartOptions } from "../protocol/engine-protocol";
import { notice, useWorkbench } from "./workbench-store";

/** The one engine of the page. */
export interface EngineSeat {
  /** Null before the first start and after a start that failed. */
  running(): Engine | null;
  backend(): BackendInfo | null;
  /** Puts a fresh engine in the place of the one that is there; while one starts, waits for that. */
  start(): Promise<Result<BackendInfo>>;
  close(): void;
}

const never = () => new AbortController().signal;

export function createEngineSeat(make: () => Promise<Engine>): EngineSeat {
  let engine: Engine | null = null;
  let backend: BackendInfo | null = null;
  let starting: Promise<Result<BackendInfo>> | null = null;

  async function fresh(): Promise<Result<BackendInfo>> {
    engine?.close();
    engine = null;
    backend = null;
    const made = await make();
    made.onRestart((why, now) => {
      notice({ kind: "backend", message: why });
      if (!now) return;
      backend = now;
      const { engine: status } = useWorkbench.getState();
      if (status.phase === "ready") useWorkbench.setState({ engine: { ...status, backend: now } });
    });
    const started = await made.start(never(), startOptions(location.search));
    if (started.ok) {
      engine = made;
      backend = started.value;
    } else made.close();
    return started;
  }

  function start(): Promise<Result<BackendInfo>> {
    starting ??= fresh().finally(() => {
      starting = null;
    });
    return starting;
  }

  return { running: () => engine, backend: () => backend, start, close: () => engine?.close() };
}

/**
 * "?backend=wasm" and its like ask for a backend, "?execution=streamed" or "whole" for a way to go through the model; else the
 * engine chooses.
 */
function startOptions(search: string): StartOptions {
  const asked = new URLSearchParams(search);
  const [backend, execution] = [asked.get("backend"), asked.get("execution")];
  return {
    backend: backend === "wasm" || backend === "wasm-threads" || backend === "webgpu" ? backend : "auto",
    execution: execution === "streamed" || execution === "whole" ? execution : "auto",
  };
}
