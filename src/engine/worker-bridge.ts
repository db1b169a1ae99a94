import { proxy, type Remote } from "comlink";
import { fail, ok, type Result } from "../core/result";
import type {
  BackendInfo,
  CacheState,
  EngineWorkerApi,
  Progress,
  SetReference,
  StartOptions,
} from "../protocol/engine-protocol";
import type { TaskBundle } from "../protocol/task-protocol";
import { type CodeRunner, lazyCodeRunner, remoteRunCode } from "./code-runner";
import type { Engine } from "./engine";
import { linkWorker, PATIENCE_AT_START, type WatchTimes, type WorkerLink } from "./worker-link";

const newWorker = (): Worker =>
  new Worker(new URL("../../workers/engine.worker.ts", import.meta.url), { type: "module", name: "engine" });

const newRunner = (): Promise<CodeRunner> => import("./python-runner").then((m) => m.createPythonRunner());

/** Deaths in a row, without a finished call between them, after which no new worker is started. */
const MOST_DEATHS = 3;

/** The engine in a worker, for tests that make real failures. */
export interface WorkerEngine extends Engine {
  breakForTest(what: "lose-device" | "die"): void;
}

/**
 * The engine in a worker of its own. When the worker dies, pending calls end with a "worker-died" problem and a fresh
 * worker starts with the same options and reopens the set; calls made meanwhile wait for it.
 */
export function createWorkerEngine(
  makeWorker: () => Worker = newWorker,
  times?: WatchTimes,
  openRunner: (() => Promise<CodeRunner>) | null = newRunner,
): WorkerEngine {
  const runner = openRunner && lazyCodeRunner(openRunner);
  const listeners = new Set<(why: string, backend?: BackendInfo) => void>();
  const tell = (why: string, backend?: BackendInfo) => {
    for (const listener of listeners) listener(why, backend);
  };
  let closed = false;
  let deaths = 0;
  let calls = 0;
  let options: StartOptions | null = null;
  let openedSet: SetReference | null = null;
  let chosenTasks: TaskBundle | null = null;
  let link = open();
  /** Settles when the current worker has been brought to where the last one was. */
  let restored: Promise<unknown> = Promise.resolve();

  function open(): WorkerLink {
    const opened = linkWorker(makeWorker(), times);
    opened.died.then((why) => {
      if (!closed && link === opened) replace(why);
    });
    void opened.api.listen(proxy(tell));
    if (runner) void opened.api.setCodeRunner(proxy(remoteRunCode(runner.run)));
    return opened;
  }

  function replace(why: string): void {
    link.close();
    deaths++;
    if (deaths > MOST_DEATHS) {
      tell(`The engine's worker died ${deaths} times in a row (${why}). Reload the page to try again.`);
      return;
    }
    link = open();
    restored = restore(link);
    tell(`The engine's worker died (${why}); a new one was started. What was measured is kept.`);
  }

  async function restore({ api, died, watch }: WorkerLink): Promise<void> {
    const [start, set, tasks] = [options, openedSet, chosenTasks];
    const steps = async () => {
      if (start) await watch<unknown>(api.start(start), PATIENCE_AT_START);
      if (set) await watch<unknown>(api.openSet(0, set, proxy(ignore)), PATIENCE_AT_START);
      if (set && tasks) await watch<unknown>(api.setTasks(0, tasks), PATIENCE_AT_START);
    };
    await Promise.race([steps(), died]);
  }

  /** Runs a call on the current worker; its death ends the call as a value. */
  async function call<T>(
    signal: AbortSignal,
    run: (link: WorkerLink, id: number) => Promise<Result<T>>,
    patience = 1,
  ): Promise<Result<T>> {
    for (let known: unknown; known !== restored; ) {
      known = restored;
      await restored;
    }
    if (closed) return fail("cancelled", "the engine was closed.");
    if (deaths > MOST_DEATHS)
      return fail("worker-died", "the engine's worker keeps dying.", { remedy: "Reload the page." });
    const mine = link;
    const id = ++calls;
    const cancel = () => void mine.api.cancel(id);
    const running = mine.watch(run(mine, id), patience);
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
    try {
      const result = await Promise.race([running, mine.died.then((why) => workerDied<T>(why))]);
      if (result.ok) deaths = 0;
      return result;
    } catch (error) {
      return fail(
        "backend",
        `the engine failed: ${error instanceof Error ? error.message : String(error)}.`,
        {
          remedy: "Try again, or reload the page.",
        },
      );
    } finally {
      signal.removeEventListener("abort", cancel);
      running.catch(() => undefined);
    }
  }

  const cacheCall = (run: (api: Remote<EngineWorkerApi>) => Promise<CacheState>) =>
    call(new AbortController().signal, async ({ api }) => ok(await run(api)));

  return {
    start: (signal, wanted) => {
      options = wanted;
      return call(signal, ({ api }) => api.start(wanted), PATIENCE_AT_START);
    },
    inspect: (signal, folder) => call(signal, ({ api }, id) => api.inspect(id, folder), PATIENCE_AT_START),
    openSet: async (signal, set, onProgress: (p: Progress) => void) => {
      const opened = await call(
        signal,
        ({ api }, id) => api.openSet(id, set, proxy(onProgress)),
        PATIENCE_AT_START,
      );
      if (!opened.ok) return opened;
      openedSet = set;
      chosenTasks = null;
      return opened;
    },
    checkHealth: (signal, onProgress) =>
      call(signal, ({ api }, id) => api.checkHealth(id, proxy(onProgress)), PATIENCE_AT_START),
    write: (signal, request, onProgress) =>
      call(signal, ({ api }, id) => api.write(id, request, proxy(onProgress)), PATIENCE_AT_START),
    setTasks: async (signal, tasks) => {
      const set = await call(signal, ({ api }, id) => api.setTasks(id, tasks), PATIENCE_AT_START);
      if (set.ok) chosenTasks = tasks;
      return set;
    },
    previewItem: (signal, task, item) => call(signal, ({ api }) => api.previewItem(task, item)),
    measureItem: (signal, request) => call(signal, ({ api }, id) => api.measureItem(id, request)),
    cacheState: () => cacheCall((api) => api.cacheState()),
    evict: (key) => cacheCall((api) => api.evict(key)),
    setCacheBudget: (bytes) => cacheCall((api) => api.setCacheBudget(bytes)),
    measure: (signal, request, onUpdate) =>
      call(signal, ({ api }, id) => api.measure(id, request, proxy(onUpdate))),
    onRestart: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      closed = true;
      link.close();
      runner?.close();
    },
    breakForTest: (what) => void link.api.breakForTest(what),
  };
}

const ignore = (): void => undefined;

const workerDied = <T>(why: string): Result<T> =>
  fail("worker-died", `the engine's worker died (${why}).`, {
    remedy: "A new one was started: try again; what was measured is kept.",
  });
