import type { MergeChoice } from "../core/merge/merge-choice";
import { choiceText, subjectText } from "../core/scoring/address";
import type { Measurement, Subject } from "../core/scoring/measurement";
import { useMixture } from "./mixture-store";
import { useWorkbench } from "./workbench-store";

export const isComplete = (m: Measurement): boolean => m.done >= m.total;

/** Text of what a record is about: the base, or a mixture merged by a method. */
const recordText = ({ subject, method }: Measurement["key"]): string =>
  `${subjectText(subject)} ${subject.kind === "base" ? "" : choiceText(method)}`;

/** The records that a method's pages speak of, and their index by subject. */
export function recordsOf(
  records: readonly Measurement[],
  method: MergeChoice,
): { readonly measurements: readonly Measurement[]; readonly bySubject: ReadonlyMap<string, Measurement> } {
  const wanted = choiceText(method);
  const measurements = records.filter(
    ({ key }) => key.subject.kind === "base" || choiceText(key.method) === wanted,
  );
  return { measurements, bySubject: new Map(measurements.map((m) => [subjectText(m.key.subject), m])) };
}

/** Puts measurements into the store; a record with fewer items never replaces one with more. */
export function addMeasurements(added: readonly Measurement[]): void {
  const { records } = useWorkbench.getState();
  const index = new Map(records.map((m) => [recordText(m.key), m]));
  let changed = false;
  for (const m of added) {
    const text = recordText(m.key);
    const known = index.get(text);
    if (known && known.done >= m.done) continue;
    // A replaced record stands where the newest stands.
    index.delete(text);
    index.set(text, m);
    changed = true;
  }
  if (!changed) return;
  const all = [...index.values()];
  useWorkbench.setState({ records: all, ...recordsOf(all, useMixture.getState().method) });
}

/** A subject's record with a method, complete or not. */
export function recordOf(subject: Subject, method: MergeChoice): Measurement | null {
  const { method: shown } = useMixture.getState();
  const { bySubject, records } = useWorkbench.getState();
  if (method === shown) return bySubject.get(subjectText(subject)) ?? null;
  return recordsOf(records, method).bySubject.get(subjectText(subject)) ?? null;
}

/** Makes the store speak of the method under the cursor. */
export function showMethod(): void {
  const { records } = useWorkbench.getState();
  useWorkbench.setState({
    ...recordsOf(records, useMixture.getState().method),
    fitted: null,
    fitProblem: null,
  });
}
