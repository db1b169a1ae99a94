import { fail, ok, type Result } from "../core/result";
import { measurementAddress, measurementKey, subjectText } from "../core/scoring/address";
import type { Measurement, Subject } from "../core/scoring/measurement";
import type { Engine } from "../engine/engine";
import type { Journal } from "../engine/journal";
import { notice, type Running, useWorkbench } from "./workbench-store";

export const isComplete = (m: Measurement): boolean => m.done >= m.total;

/** Puts a measurement into the store; a record with fewer items never replaces one with more. */
export function addMeasurements(added: readonly Measurement[]): void {
  const { measurements, bySubject } = useWorkbench.getState();
  const index = new Map(bySubject);
  const replaced = new Set<string>();
  const fresh: Measurement[] = [];
  for (const m of added) {
    const text = subjectText(m.key.subject);
    const known = index.get(text);
    if (known && known.done >= m.done) continue;
    if (known) replaced.add(known.address);
    index.set(text, m);
    fresh.push(m);
  }
  if (fresh.length === 0) return;
  useWorkbench.setState({
    measurements: [...measurements.filter((m) => !replaced.has(m.address)), ...fresh],
    bySubject: index,
  });
}

/**
 * Measures a subject, or answers from the journal. Item scores already known are not computed again; an abort keeps
 * what is scored, in the store and in the journal. Resolves with the record, complete or partial.
 */
export async function measure(
  engine: Engine,
  journal: Journal,
  subject: Subject,
  by: Running["by"],
  signal: AbortSignal,
): Promise<Result<Measurement>> {
  const status = useWorkbench.getState();
  if (status.set.phase !== "ready") return fail("bad-set", "No component set is open.");
  const { hash, layout } = status.set.set;
  const known = status.bySubject.get(subjectText(subject));
  if (known && isComplete(known)) return ok(known);

  const total = layout.tasks.reduce((n, t) => n + t.block.items, 0);
  const running: Running = {
    subject,
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
    { subject, ...(known && { known: known.scores }) },
    (update) => {
      if (isCurrent() && !signal.aborted) {
        if (by === "user" && !useWorkbench.getState().running?.scores)
          performance.mark("demix:first-estimate");
        useWorkbench.setState({ running: { ...running, scores: update.scores, done: update.done } });
      }
    },
  );
  if (isCurrent()) useWorkbench.setState({ running: null });
  if (!outcome.ok) return outcome;
  if (outcome.value.done === 0) return fail("cancelled", "Cancelled before the first item.");

  const key = measurementKey(hash, layout.hash, subject);
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
  addMeasurements([record]);
  if (by === "user" && isComplete(record)) performance.mark("demix:complete");
  const stored = await journal.put(record);
  if (!stored.ok) notice(stored.problem);
  return ok(record);
}
