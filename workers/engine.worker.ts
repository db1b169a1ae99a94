import { expose, transfer } from "comlink";
import type { BackendInfo, EngineWorkerApi } from "../src/protocol/engine-protocol";
import { browserPlatform } from "../src/runtime/browser-platform";
import { EngineHost } from "../src/runtime/engine-host";

/** The engine's thread: turns cancel(id) into abort signals, and transfers item scores. */
let tell: (why: string, backend: BackendInfo) => void = () => undefined;
const host = new EngineHost(browserPlatform(), (why, backend) => tell(why, backend));
const calls = new Map<number, AbortController>();

async function cancellable<T>(id: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  calls.set(id, controller);
  try {
    return await call(controller.signal);
  } finally {
    calls.delete(id);
  }
}

const api: EngineWorkerApi = {
  start: (options) => host.start(options),
  openSet: (id, setUrl, onProgress) =>
    cancellable(id, (signal) => host.openSet(setUrl, { signal, onProgress: (p) => void onProgress(p) })),
  measure: (id, request, onUpdate) =>
    cancellable(id, async (signal) => {
      const outcome = await host.measure(request, {
        signal,
        onUpdate: (u) => void onUpdate(transfer(u, [u.scores.buffer])),
      });
      return outcome.ok ? transfer(outcome, [outcome.value.scores.buffer]) : outcome;
    }),
  cancel: (id) => calls.get(id)?.abort(),
  listen: (onRestart) => {
    tell = onRestart;
  },
  ping: () => true,
  breakForTest: (what) => {
    if (what === "lose-device") {
      host.loseDevice();
      return;
    }
    setTimeout(() => {
      close();
      throw new Error("the engine's worker was told to die");
    });
  },
};

expose(api);
