import { expect, it } from "vitest";
import type { CodeJob, CodeVerdict } from "../core/scoring/run-code";
import type { GenerateItem, TaskSpec } from "../core/scoring/task";
import { OutcomeRecorder } from "./record-outcomes";
import type { PlannedItem, ScorePlan } from "./score-plan";

const ITEMS: GenerateItem[] = [0, 1, 2].map((i) => ({
  context: "def f():",
  target: "",
  until: [],
  maxGenToks: 8,
  code: { prefix: "def f():", suffix: `\nassert f() == ${i}`, timeLimit: 5 },
}));

const SPEC: TaskSpec = {
  id: "code",
  label: "code",
  domain: "all",
  outputType: "generate_until",
  accuracyMetric: "pass@1",
  continuousMetric: "pass@1",
  about: "",
  itemsFile: "",
  itemsSha256: "",
  items: ITEMS.length,
  metrics: [{ metric: "pass@1" }],
};

/** A plan of three items whose answers are run: [pass@1, log p of the target] each. */
const plan = {
  layout: {
    hash: "",
    name: "",
    domains: [],
    tasks: [
      {
        spec: SPEC,
        block: { task: "code", items: 3, width: 2, offset: 0 },
        facts: ITEMS.map(() => ({ gold: 0, bytes: [0], chars: [0], tokens: [] })),
      },
    ],
    floats: 6,
  },
  taskItems: [ITEMS],
} as unknown as ScorePlan;

const planned = (item: number): PlannedItem => ({ task: 0, item, at: 2 * item, sequences: 0, trees: [] });
const outcome = (text: string) => ({ sums: new Float64Array(), greedy: new Int32Array(), texts: [text] });

it("scores an item when its program has run, while others go on", async () => {
  const row = new Float32Array(6).fill(Number.NaN);
  const waiting: { job: CodeJob; answer: (v: CodeVerdict | null) => void }[] = [];
  const runCode = (job: CodeJob) =>
    new Promise<CodeVerdict | null>((answer) => {
      waiting.push({ job, answer });
    });
  const recorder = new OutcomeRecorder(row, plan, { runCode, details: true });
  for (const i of [0, 1, 2]) recorder.record(planned(i), outcome(`\n  return ${i}`));
  expect(recorder.busy).toBe(true);
  expect(row.every(Number.isNaN)).toBe(true);
  expect(waiting[1]!.job).toMatchObject({ program: "def f():\n  return 1\nassert f() == 1", timeLimit: 5 });
  waiting[1]!.answer({ kind: "passed" });
  await new Promise((resolve) => setImmediate(resolve));
  expect(row[2]).toBe(1);
  expect(recorder.takeDetails()).toEqual([{ task: 0, item: 1, greedy: [], texts: ["\n  return 1"] }]);
  waiting[0]!.answer({ kind: "timeout" });
  // Cancelled: the item stays without a score.
  waiting[2]!.answer(null);
  await recorder.settle();
  expect(row[0]).toBe(0);
  expect(row[4]).toBeNaN();
  expect(recorder.busy).toBe(false);
  expect(recorder.takeDetails()).toHaveLength(1);
  expect(recorder.details).toHaveLength(2);
});

it("tells of a runner that throws", async () => {
  const recorder = new OutcomeRecorder(new Float32Array(6), plan, {
    runCode: () => Promise.reject(new Error("no sandbox")),
  });
  recorder.record(planned(0), outcome("x"));
  await expect(recorder.settle()).rejects.toThrow("no sandbox");
  expect(recorder.takeDetails()).toBeUndefined();
});
