import { fail, ok, type Result } from "../../core/result";
import type { ItemDetail } from "../../core/scoring/item-outcome";
import type { TaskSetLayout } from "../../core/scoring/task";
import type { MeasureOutcome, OpenedSet } from "../../protocol/engine-protocol";
import type { TaskBundle } from "../../protocol/task-protocol";
import type { CodeRunner } from "../code-runner";
import { createInProcessEngine } from "./in-process-engine";
import { modelPlatform, modelSet } from "./model-platform";
import { sayProgress } from "./say";

export interface ScoreModelOptions {
  readonly threads?: number | undefined;
  /** Layer by layer, whatever the size. */
  readonly streamed: boolean;
  /** Starts Python for tasks that run code; null where there is none. */
  readonly openRunner?: (() => Promise<CodeRunner>) | null;
}

export interface ScoredModel {
  readonly opened: OpenedSet;
  readonly layout: TaskSetLayout;
  readonly measured: MeasureOutcome;
  readonly details: readonly ItemDetail[];
}

const signal = new AbortController().signal;

/** Scores the model in a folder as it is on the given tasks, item for item with what it said. */
export async function scoreModel(
  folder: string,
  name: string,
  tasks: TaskBundle,
  { threads, streamed, openRunner }: ScoreModelOptions,
): Promise<Result<ScoredModel>> {
  const engine = createInProcessEngine(modelPlatform(folder), openRunner ?? null);
  try {
    const started = await engine.start(signal, {
      backend: "wasm-threads",
      ...(threads && { threads }),
      ...(streamed && { execution: "streamed" }),
    });
    if (!started.ok) return started;
    const opened = await engine.openSet(signal, modelSet(folder, name, tasks), sayProgress("opening"));
    if (!opened.ok) return opened;
    const { tasks: layout, unscored } = opened.value;
    if (!layout)
      return unscored ? { ok: false, problem: unscored } : fail("bad-set", "the model cannot be scored.");
    const measured = await engine.measure(signal, { subject: { kind: "base" }, details: true }, sayItems());
    if (!measured.ok) return measured;
    return ok({
      opened: opened.value,
      layout,
      measured: measured.value,
      details: measured.value.details ?? [],
    });
  } finally {
    engine.close();
  }
}

/** Progress in items, or where a model goes through layer by layer in its weights. */
export function sayItems(): (update: {
  readonly done: number;
  readonly total: number;
  readonly progress?: {
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    readonly what: string;
  };
}) => void {
  const say = sayProgress("measuring");
  return ({ done, total, progress }) => say(progress ?? { done, total, unit: "items", what: "" });
}
