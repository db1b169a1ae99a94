import { type Remote, releaseProxy, wrap } from "comlink";
import type { EngineWorkerApi } from "../protocol/engine-protocol";

/** A worker whose death is noticed: comlink alone would leave its callers waiting for ever. */
export interface WorkerLink {
  readonly api: Remote<EngineWorkerApi>;
  /** Resolves with the reason when the worker is gone; never when it was closed on purpose. */
  readonly died: Promise<string>;
  /** Asks for signs of life while `call` is pending; `patience` multiplies the silence allowed from now on. */
  watch<T>(call: Promise<T>, patience?: number): Promise<T>;
  close(): void;
}

export interface WatchTimes {
  readonly everyMs: number;
  /** Silence after which a worker with pending calls counts as dead. */
  readonly silenceMs: number;
}

const TIMES: WatchTimes = { everyMs: 2_000, silenceMs: 30_000 };
/** Compiling onnxruntime's WASM keeps a slow machine's worker silent for long: starting may take this many times more. */
export const PATIENCE_AT_START = 4;

export function linkWorker(worker: Worker, times: WatchTimes = TIMES): WorkerLink {
  const api = wrap<EngineWorkerApi>(worker);
  let die: (why: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => {
    die = resolve;
  });
  worker.onerror = (event) => {
    event.preventDefault();
    die(event.message || "an unknown error");
  };
  worker.onmessageerror = () => die("a message that could not be read");
  let closed = false;
  let pending = 0;
  let heard = 0;
  let silenceMs = times.silenceMs;
  let timer: ReturnType<typeof setInterval> | undefined;
  const check = (): void => {
    if (performance.now() - heard > silenceMs) {
      die(`no sign of life for ${Math.round(silenceMs / 1000)} seconds`);
      return;
    }
    api.ping().then(
      () => {
        heard = performance.now();
      },
      () => undefined,
    );
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    api,
    died,
    watch: async (call, patience = 1) => {
      pending++;
      silenceMs = times.silenceMs * patience;
      if (timer === undefined) {
        heard = performance.now();
        timer = setInterval(check, times.everyMs);
      }
      try {
        return await call;
      } finally {
        pending--;
        if (pending === 0) stop();
      }
    },
    close: () => {
      if (closed) return;
      closed = true;
      stop();
      api[releaseProxy]();
      worker.terminate();
    },
  };
}
