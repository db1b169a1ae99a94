import { expose, transfer } from "comlink";
import type { RunCode } from "../src/core/scoring/run-code";
import type {
  BackendInfo,
  CacheState,
  EngineWorkerApi,
  RemoteRunCode,
} from "../src/protocol/engine-protocol";
import { browserPlatform } from "../src/runtime/browser-platform";
import { EngineHost } from "../src/runtime/engine-host";
import { openOutput } from "../src/runtime/output-folder";
import { browserCache } from "../src/runtime/sources/browser-cache";
import type { ByteCache } from "../src/runtime/sources/byte-cache";

/** The engine's thread: turns cancel(id) into abort signals, and transfers item scores. */
let tell: (why: string, backend?: BackendInfo) => void = () => undefined;
let cache: ByteCache | null = null;
const cacheOpened = browserCache((text) => tell(text)).then((opened) => {
  cache = opened;
});
const host = new EngineHost(
  browserPlatform(() => cache),
  (why, backend) => tell(why, backend),
);
const calls = new Map<number, AbortController>();

/** What the cache holds, after a change to it where one is asked for. */
async function cacheState(change?: (cache: ByteCache) => Promise<void>): Promise<CacheState> {
  await cacheOpened;
  if (!cache) return { entries: [], usage: { used: 0, budget: 0, quota: null } };
  await change?.(cache);
  const [entries, usage] = await Promise.all([cache.entries(), cache.usage()]);
  return { entries, usage };
}

async function cancellable<T>(id: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  calls.set(id, controller);
  try {
    return await call(controller.signal);
  } finally {
    calls.delete(id);
  }
}

/** Runs code where the page does; its runner takes an abort as a message of its own. */
function remoteRunCode(remote: RemoteRunCode): RunCode {
  let jobs = 0;
  return async (job, signal) => {
    if (signal?.aborted) return null;
    const id = ++jobs;
    const cancel = () => void remote.cancel(id);
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await remote.run(id, job);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  };
}

const api: EngineWorkerApi = {
  start: (options) => host.start(options),
  inspect: (id, folder) =>
    cancellable(id, async (signal) => {
      await cacheOpened;
      return host.inspect(folder, signal);
    }),
  openSet: (id, set, onProgress) =>
    cancellable(id, async (signal) => {
      await cacheOpened;
      return host.openSet(set, { signal, onProgress: (p) => void onProgress(p) });
    }),
  checkHealth: (id, onProgress) =>
    cancellable(id, (signal) => host.checkHealth({ signal, onProgress: (p) => void onProgress(p) })),
  write: (id, { target, ...request }, onProgress) =>
    cancellable(id, async (signal) => {
      const out = await openOutput(target);
      if (!out.ok) return out;
      return host.write(request, out.value, { signal, onProgress: (p) => void onProgress(p) });
    }),
  cacheState: () => cacheState(),
  evict: (key) => cacheState((kept) => (key === null ? kept.clear() : kept.evict(key))),
  setCacheBudget: (bytes) => cacheState((kept) => kept.setBudget(bytes)),
  measure: (id, request, onUpdate) =>
    cancellable(id, async (signal) => {
      const outcome = await host.measure(request, {
        signal,
        onUpdate: (u) => void onUpdate(transfer(u, [u.scores.buffer])),
      });
      return outcome.ok ? transfer(outcome, [outcome.value.scores.buffer]) : outcome;
    }),
  setTasks: (_id, tasks) => host.setTasks(tasks),
  previewItem: (task, item) => host.previewItem(task, item),
  measureItem: (id, request) => cancellable(id, (signal) => host.measureItem(request, signal)),
  setCodeRunner: (remote) => host.setRunCode(remoteRunCode(remote)),
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
