import { ok, type Result } from "../../core/result";
import { type ScoredSet, scoredSet } from "../scored-set";
import { createInProcessEngine, type InProcessEngine } from "./in-process-engine";

export interface NodeSet {
  readonly engine: InProcessEngine;
  readonly opened: ScoredSet;
}

export interface NodeSetOptions {
  readonly backend?: "wasm" | "wasm-threads" | "native";
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** Starts an engine (WASM with one thread unless asked otherwise) and opens the set in a folder. */
export async function openNodeSet(folder: string, options: NodeSetOptions = {}): Promise<Result<NodeSet>> {
  const engine = createInProcessEngine();
  const signal = options.signal ?? new AbortController().signal;
  const backend = options.backend ?? "wasm";
  const started = await engine.start(signal, {
    backend,
    ...(options.threads && { threads: options.threads }),
  });
  if (!started.ok) return started;
  const opened = await engine.openSet(signal, `${folder.replace(/\/+$/, "")}/`, () => undefined);
  const scored = opened.ok ? scoredSet(opened.value) : opened;
  if (!scored.ok) {
    engine.close();
    return scored;
  }
  return ok({ engine, opened: scored.value });
}
