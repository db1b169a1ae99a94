import { randomUUID } from "node:crypto";
import {
  type CodeJob,
  type CodeVerdict,
  DEFAULT_MEMORY_LIMIT,
  type RunCode,
} from "../../core/scoring/run-code";
import type { PythonRunner } from "../python-runner";
import { type PythonProcess, startPythonProcess } from "./python-process";

/** Seconds after the time limit within which what the process itself reports decides. */
const GRACE = 0.25;

/**
 * Python for generated programs in Node: a child process for each, under Node's permission model (no writing, no reading
 * but of the interpreter's own files, no processes, no workers) and without a network. It is WebAssembly in a process of
 * few rights, not a sandbox that was made to hold an attacker: see docs/python-sandbox.md.
 */
export function createNodePythonRunner({ parallel = 2 }: { parallel?: number } = {}): PythonRunner {
  const processes = new Set<PythonProcess>();
  const queue: (() => void)[] = [];
  let busy = 0;
  let spare: PythonProcess | null = null;
  let snapshot: Promise<Uint8Array | null> | null = null;
  let closed = false;

  const start = (memoryLimit: number, from: Uint8Array | null): PythonProcess => {
    const started = startPythonProcess(memoryLimit, from);
    processes.add(started);
    return started;
  };
  const stop = (ended: PythonProcess): void => {
    ended.stop();
    processes.delete(ended);
  };
  const makeSnapshot = async (): Promise<Uint8Array | null> => {
    const first = start(DEFAULT_MEMORY_LIMIT, null);
    const said = await first.ready;
    stop(first);
    return said?.kind === "ready" ? said.snapshot : null;
  };
  const take = (memoryLimit: number, from: Uint8Array | null): PythonProcess => {
    const ready = spare;
    spare = null;
    if (ready?.memoryLimit === memoryLimit) return ready;
    if (ready) stop(ready);
    return start(memoryLimit, from);
  };

  const runNow = async (job: CodeJob, signal: AbortSignal | undefined): Promise<CodeVerdict | null> => {
    snapshot ??= makeSnapshot();
    const from = await snapshot;
    if (closed || signal?.aborted) return null;
    const runner = take(job.memoryLimit, from);
    signal?.addEventListener("abort", runner.stop);
    try {
      const said = await runner.ready;
      if (closed || signal?.aborted) return null;
      if (said?.kind !== "ready") {
        const why = said?.kind === "broken" ? said.error : "its process ended";
        return { kind: "crashed", error: `the interpreter did not start: ${why}` };
      }
      const token = randomUUID();
      const answer = runner.next(job.timeLimit + GRACE);
      const started = performance.now();
      runner.send({ kind: "run", token, program: job.program });
      if (queue.length === 0 && !spare) spare = start(job.memoryLimit, from);
      const message = await answer;
      if (closed || signal?.aborted) return null;
      if (!message) {
        const late = performance.now() - started >= job.timeLimit * 1000;
        return late ? { kind: "timeout" } : { kind: "crashed", error: "the interpreter's process ended" };
      }
      if (message.kind !== "ran" || message.token !== token) {
        return { kind: "crashed", error: "the program interfered with the interpreter" };
      }
      const { ran, seconds } = message;
      if (seconds > job.timeLimit) return { kind: "timeout" };
      if (ran.passed) return { kind: "passed" };
      if (ran.memory) return { kind: "memory" };
      return { kind: ran.fatal ? "crashed" : "failed", error: ran.error };
    } finally {
      signal?.removeEventListener("abort", runner.stop);
      stop(runner);
    }
  };

  const run: RunCode = async (job, signal) => {
    if (busy >= parallel) await new Promise<void>((resolve) => queue.push(resolve));
    else busy += 1;
    try {
      return closed || signal?.aborted ? null : await runNow(job, signal);
    } finally {
      const next = queue.shift();
      if (next) next();
      else busy -= 1;
    }
  };
  const close = (): void => {
    closed = true;
    for (const running of processes) running.stop();
    processes.clear();
  };
  return { run, close };
}
