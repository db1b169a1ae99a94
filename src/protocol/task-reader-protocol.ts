import type { BenchmarkOptions } from "../core/benchmarks/compile-benchmark";
import type { Result } from "../core/result";
import type { DroppedFile, ReadDropped, ReadTask, Remade } from "../core/tasks/read-dropped";

/** What the task reader's worker exposes through comlink: large benchmark files take too long for the page's thread. */
export interface TaskReaderApi {
  read(files: readonly DroppedFile[], onFile: (done: number) => void): Promise<ReadDropped>;
  remake(made: Remade, options: BenchmarkOptions): Promise<Result<ReadTask>>;
}
