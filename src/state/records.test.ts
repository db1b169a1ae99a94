import { beforeEach, expect, it } from "vitest";
import { LINEAR, type MergeChoice } from "../core/merge/merge-choice";
import { measurementKey, subjectText } from "../core/scoring/address";
import type { Measurement, Subject } from "../core/scoring/measurement";
import { useMixture } from "./mixture-store";
import { addMeasurements, recordOf, showMethod } from "./records";
import { NOTHING_KNOWN, useWorkbench } from "./workbench-store";

const OTHER: MergeChoice = { name: "linear", parameters: { normalize: 0 } };
const base: Subject = { kind: "base" };
const half: Subject = { kind: "mixture", alpha: [0.5, 0.5] };

const record = (subject: Subject, method: MergeChoice, done: number): Measurement => ({
  address: `${subjectText(subject)} ${JSON.stringify(method)} ${done}`,
  key: measurementKey("set", "tasks", subject, method),
  scores: new Float32Array(4),
  done,
  total: 10,
  backend: "wasm",
  origin: "measured",
  at: "2026-01-01T00:00:00Z",
  seconds: 1,
  versions: {},
});
const shown = () => useWorkbench.getState().measurements.map((m) => `${m.key.subject.kind} ${m.done}`);

beforeEach(() => {
  useWorkbench.setState(NOTHING_KNOWN);
  useMixture.getState().reset(2);
});

it("shows the base and the records of the method under the cursor, and loses none", () => {
  addMeasurements([record(base, LINEAR, 10), record(half, LINEAR, 10), record(half, OTHER, 4)]);
  expect(shown()).toEqual(["base 10", "mixture 10"]);
  useMixture.getState().setMethod(OTHER);
  showMethod();
  expect(shown()).toEqual(["base 10", "mixture 4"]);
  expect(recordOf(half, LINEAR)?.done).toBe(10);
  addMeasurements([record(half, OTHER, 10)]);
  expect(shown()).toEqual(["base 10", "mixture 10"]);
  useMixture.getState().setMethod(LINEAR);
  showMethod();
  expect(useWorkbench.getState().bySubject.get(subjectText(half))?.key.method).toEqual(LINEAR);
  expect(useWorkbench.getState().records).toHaveLength(3);
});

it("never replaces a record by one with fewer items", () => {
  addMeasurements([record(half, LINEAR, 6)]);
  const before = useWorkbench.getState().records;
  addMeasurements([record(half, LINEAR, 6), record(half, LINEAR, 2)]);
  expect(useWorkbench.getState().records).toBe(before);
  addMeasurements([record(half, LINEAR, 9)]);
  expect(shown()).toEqual(["mixture 9"]);
});
