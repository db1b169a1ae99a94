import { proxy, type Remote, wrap } from "comlink";
import type { BenchmarkOptions } from "../core/benchmarks/compile-benchmark";
import { fail, ok, type Result } from "../core/result";
import type { DroppedFile, ReadDropped, ReadTask, Remade } from "../core/tasks/read-dropped";
import type { TaskReaderApi } from "../protocol/task-reader-protocol";

/** Reads benchmark and task files behind a worker of its own; an abort ends the worker. */
export interface TaskReader {
  read(
    signal: AbortSignal,
    files: readonly DroppedFile[],
    onFile: (done: number) => void,
  ): Promise<Result<ReadDropped>>;
  /** Compiles a benchmark that was read before, in another mode for instance. */
  remake(signal: AbortSignal, made: Remade, options: BenchmarkOptions): Promise<Result<ReadTask>>;
}

const spawnReader = (): Worker =>
  new Worker(new URL("../../workers/task-reader.worker.ts", import.meta.url), { type: "module" });

export function createTaskReader(spawn: () => Worker = spawnReader): TaskReader {
  async function call<T>(
    signal: AbortSignal,
    run: (api: Remote<TaskReaderApi>) => Promise<T>,
  ): Promise<Result<T>> {
    const worker = spawn();
    const ended = new Promise<Result<T>>((resolve) => {
      const died = (why: string) =>
        resolve(fail("worker-died", `The files could not be read: ${why}.`, { remedy: "Choose fewer." }));
      worker.addEventListener("error", (event) => died(event.message || "the worker stopped"));
      worker.addEventListener("messageerror", () => died("a message could not be read"));
      const cancel = () => resolve(fail("cancelled", "The reading was cancelled."));
      if (signal.aborted) cancel();
      else signal.addEventListener("abort", cancel, { once: true });
    });
    try {
      return await Promise.race([run(wrap<TaskReaderApi>(worker)).then(ok<T>), ended]);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return fail("worker-died", `The files could not be read: ${why}.`, { remedy: "Choose fewer." });
    } finally {
      worker.terminate();
    }
  }
  return {
    read: (signal, files, onFile) => call(signal, (api) => api.read(files, proxy(onFile))),
    remake: async (signal, made, options) => {
      const answer = await call<Result<ReadTask>>(
        signal,
        (api) => api.remake(made, options) as Promise<Result<ReadTask>>,
      );
      return answer.ok ? answer.value : answer;
    },
  };
}
