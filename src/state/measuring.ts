import type { MergeChoice } from "../core/merge/merge-choice";
import { fail, ok, type Result } from "../core/result";
import { measurementAddress, measurementKey } from "../core/scoring/address";
import type { Measurement, Subject } from "../core/scoring/measurement";
import type { Engine } from "../engine/engine";
import type { Journal } from "../engine/journal";
import { keepItemDetails } from "./item-details";
import { addMeasurements, isComplete, recordOf } from "./records";
import { notice, openedSet, type Running, sameWork, useWorkbench } from "./workbench-store";

export interface Wanted {
  readonly subject: Subject;
  readonly method: MergeChoice;
}

/**
 * Measures a subject of the open set, or answers from the journal. Item scores already known are not computed again; an
 * abort keeps what is scored, in the store and in the journal. Resolves with the record, complete or partial;
 * "cancelled" when another set was opened or other tasks chosen meanwhile.
 */
export async function measure(
  engine: Engine,
  journal: Journal,
  { subject, method }: Wanted,
  by: Running["by"],
  signal: AbortSignal,
): Promise<Result<Measurement>> {
  const set = openedSet();
  if (!set) return fail("bad-set", "No component set is open.");
  if (set.unscored) return { ok: false, problem: set.unscored };
  const { hash, layout } = set;
  if (hash === null)
    return fail(
      "bad-set",
      "The set's weights were not read yet, so its measurements could not be told apart.",
      {
        remedy: "Let the health check on the Set page finish.",
      },
    );
  const known = recordOf(subject, method);
  if (known && isComplete(known)) return ok(known);

  const generates = layout.tasks.some((t) => t.spec.outputType === "generate_until");
  const total = layout.tasks.reduce((n, t) => n + t.block.items, 0);
  const running: Running = {
    subject,
    method,
    scores: known?.scores ?? null,
    done: known?.done ?? 0,
    total,
    startedAt: performance.now(),
    by,
  };
  useWorkbench.setState({ running });
  const isCurrent = () => useWorkbench.getState().running?.startedAt === running.startedAt;
  const outcome = await engine.measure(
    signal,
    { subject, method, details: generates, ...(known && { known: known.scores }) },
    (update) => {
      if (!isCurrent() || signal.aborted) return;
      const { scores, done, progress } = update;
      const before = useWorkbench.getState().running?.scores ?? null;
      if (by === "user" && !before && done > 0) performance.mark("demix:first-estimate");
      useWorkbench.setState({ running: { ...running, scores: done > 0 ? scores : before, done, progress } });
    },
  );
  if (isCurrent()) useWorkbench.setState({ running: null });
  if (!sameWork(openedSet(), set)) return fail("cancelled", "Another set was opened, or other tasks chosen.");
  if (!outcome.ok) return outcome;
  if (outcome.value.done === 0) return fail("cancelled", "Cancelled before the first item.");

  const key = measurementKey(hash, layout.hash, subject, method);
  const backend = useWorkbench.getState().engine;
  const record: Measurement = {
    address: await measurementAddress(key),
    key,
    scores: outcome.value.scores,
    done: outcome.value.done,
    total,
    backend: outcome.value.backend,
    origin: "measured",
    at: new Date().toISOString(),
    seconds: (known?.seconds ?? 0) + outcome.value.seconds,
    versions: backend.phase === "ready" ? backend.backend.versions : {},
  };
  if (sameWork(openedSet(), set)) addMeasurements([record]);
  void keepItemDetails(record.address, outcome.value.details ?? []);
  if (by === "user" && isComplete(record)) performance.mark("demix:complete");
  const stored = await journal.put(record);
  if (!stored.ok) notice(stored.problem);
  return ok(record);
}
