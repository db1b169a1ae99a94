import { canonicalJson, sha256 } from "../canonical";
import type { MeasurementKey, Subject } from "./measurement";

/** Equal subjects give equal text; the key of synchronous look-ups inside one set and task set. */
export const subjectText = (subject: Subject): string => canonicalJson(subject);

export const linearKey = (set: string, tasks: string, subject: Subject): MeasurementKey => ({
  set,
  tasks,
  subject,
  method: { name: "linear", parameters: {} },
  dtype: "float32",
});

/** Content address of a measurement: SHA-256 of its key's canonical JSON, lower-case hex. */
export const measurementAddress = (key: MeasurementKey): Promise<string> => sha256(canonicalJson(key));
