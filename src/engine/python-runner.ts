import pyodideWasm from "pyodide/pyodide.asm.wasm?url";
import standardLibrary from "pyodide/python_stdlib.zip?url";
import { type CodeVerdict, DEFAULT_MEMORY_LIMIT, type RunCode } from "../core/scoring/run-code";
import { FrameMessage, openFrame } from "./python-frame";

export interface PythonRunner {
  /** Runs a program in an interpreter of its own. May be called many times at once: programs wait for their turn. */
  readonly run: RunCode;
  /** Ends every program (each counts as cancelled) and gives all memory back. */
  close(): void;
}

export interface PythonRunnerOptions {
  /** Programs that run at once. */
  readonly parallel?: number;
  /** Bytes for which interpreters are made ready at the start; a job with another limit waits for one of its own. */
  readonly memoryLimit?: number;
}

interface Sandbox {
  readonly frame: HTMLIFrameElement;
  readonly port: MessagePort;
}

/**
 * Python for generated programs, in a frame of an opaque origin (see docs/python-sandbox.md). Belongs to the page, since a
 * worker has no frames; a worker reaches `run` by comlink. Nothing is loaded before the first program, and everything
 * comes from the page's own address. Where the sandbox cannot start, every verdict is "crashed" and says why.
 */
export function createPythonRunner(options: PythonRunnerOptions = {}): PythonRunner {
  const parallel = options.parallel ?? Math.min(2, navigator.hardwareConcurrency);
  const memoryLimit = options.memoryLimit ?? DEFAULT_MEMORY_LIMIT;
  const waiting = new Map<number, (verdict: CodeVerdict | null) => void>();
  let lastId = 0;
  let closed = false;
  let opening: Promise<Sandbox> | undefined;

  const open = async (): Promise<Sandbox> => {
    const parts = await loadParts();
    const frame = await openFrame(parts.frame);
    const { port1: port, port2 } = new MessageChannel();
    const started = new Promise<void>((resolve, reject) => {
      port.onmessage = ({ data }) => {
        const said = FrameMessage.safeParse(data);
        if (!said.success) return;
        if ("started" in said.data) {
          if (said.data.error) reject(new Error(said.data.error));
          else resolve();
          return;
        }
        const { id, verdict } = said.data;
        waiting.get(id)?.(verdict);
        waiting.delete(id);
      };
    });
    const { sources, harness, wasm, stdlib } = parts;
    const given = { sources, harness, wasm, stdlib, parallel, memoryLimit };
    // An opaque origin has no name to send to; the frame's document is the one written above.
    frame.contentWindow?.postMessage(given, "*", [port2, wasm, stdlib]);
    try {
      await started;
    } catch (error) {
      frame.remove();
      port.close();
      throw error;
    }
    return { frame, port };
  };

  const run: RunCode = async (job, signal) => {
    const stopped = () => closed || signal?.aborted === true;
    if (stopped()) return null;
    opening ??= open();
    let port: MessagePort;
    try {
      ({ port } = await opening);
    } catch (error) {
      opening = undefined;
      return { kind: "crashed", error: `the Python sandbox did not start: ${String(error)}` };
    }
    if (stopped()) return null;
    const id = lastId++;
    const verdict = new Promise<CodeVerdict | null>((resolve) => waiting.set(id, resolve));
    const cancel = () => port.postMessage({ kind: "cancel", id });
    signal?.addEventListener("abort", cancel);
    port.postMessage({ kind: "run", id, ...job });
    try {
      return await verdict;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  };

  const close = (): void => {
    closed = true;
    for (const settle of waiting.values()) settle(null);
    waiting.clear();
    opening?.then(
      ({ frame, port }) => {
        port.close();
        frame.remove();
      },
      () => undefined,
    );
  };
  return { run, close };
}

/** The interpreter's files and the sandbox's scripts, as texts: the sandbox itself can load nothing. */
async function loadParts() {
  const [frame, worker, interpreter, harness, pyodide, factory, wasm, stdlib] = await Promise.all([
    import("../../workers/python/frame.js?raw"),
    import("../../workers/python/worker.js?raw"),
    import("../../workers/python/interpreter.mjs?raw"),
    import("../../workers/python/harness.py?raw"),
    import("pyodide/pyodide.mjs?raw"),
    import("pyodide/pyodide.asm.mjs?raw"),
    bytesOf(pyodideWasm),
    bytesOf(standardLibrary),
  ]);
  const sources = {
    worker: worker.default,
    interpreter: interpreter.default,
    pyodide: pyodide.default,
    factory: factory.default,
  };
  return { frame: frame.default, harness: harness.default, sources, wasm, stdlib };
}

async function bytesOf(url: string): Promise<ArrayBuffer> {
  const response = await fetch(new URL(url, location.href));
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return response.arrayBuffer();
}
