import type { RunCode } from "../core/scoring/run-code";
import type { RemoteRunCode } from "../protocol/engine-protocol";

/** Runs generated Python, and is closed when nobody needs it any more. */
export interface CodeRunner {
  readonly run: RunCode;
  close(): void;
}

/** A runner that is opened by its first job: Python is 13 MB that most tasks never need. */
export function lazyCodeRunner(open: () => Promise<CodeRunner>): CodeRunner {
  let opened: Promise<CodeRunner> | null = null;
  let closed = false;
  return {
    run: async (job, signal) => {
      if (closed || signal?.aborted) return null;
      opened ??= open();
      try {
        const runner = await opened;
        if (closed) runner.close();
        return closed ? null : await runner.run(job, signal);
      } catch (error) {
        opened = null;
        return { kind: "crashed", error: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => {
      closed = true;
      void opened?.then((runner) => runner.close()).catch(() => undefined);
    },
  };
}

/** The same across a worker boundary. */
export function remoteRunCode(run: RunCode): RemoteRunCode {
  const jobs = new Map<number, AbortController>();
  return {
    run: async (id, job) => {
      const controller = new AbortController();
      jobs.set(id, controller);
      try {
        return await run(job, controller.signal);
      } finally {
        jobs.delete(id);
      }
    },
    cancel: (id) => jobs.get(id)?.abort(),
  };
}
