import { canonicalJson, sha256 } from "../canonical";
import { LINEAR, type MergeChoice } from "../merge/merge-choice";
import { findMethod } from "../merge/registry";
import type { MeasurementKey, Subject } from "./measurement";

/** Equal subjects give equal text; the key of synchronous look-ups inside one set, task set and method. */
export const subjectText = (subject: Subject): string => canonicalJson(subject);

/** The choice with only the parameters that differ from the method's defaults; a seed of 0 is one. */
export function plainChoice({ name, parameters }: MergeChoice): MergeChoice {
  const method = findMethod(name);
  const known = new Map(method.ok ? method.value.parameters.map((p) => [p.name, p.default]) : []);
  const changed = Object.entries(parameters).filter(
    ([key, value]) => value !== (known.get(key) ?? (key === "seed" ? 0 : undefined)),
  );
  return { name, parameters: Object.fromEntries(changed) };
}

/** Equal for choices that merge alike. */
export const choiceText = (choice: MergeChoice): string => canonicalJson(plainChoice(choice));

/** The base is no merge: whatever the method, its key is that of linear with defaults. */
export const measurementKey = (
  set: string,
  tasks: string,
  subject: Subject,
  method: MergeChoice = LINEAR,
): MeasurementKey => ({
  set,
  tasks,
  subject,
  method: plainChoice(subject.kind === "base" ? LINEAR : method),
  dtype: "float32",
});

/** Content address of a measurement: SHA-256 of its key's canonical JSON, lower-case hex. */
export const measurementAddress = (key: MeasurementKey): Promise<string> => sha256(canonicalJson(key));
