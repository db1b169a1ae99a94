import { describe, expect, it } from "vitest";
import type { ItemOutcome } from "./item-outcome";
import { blockWidth, codePrograms, itemScores, textScores } from "./item-scores";
import { prepareTasks } from "./layout";
import { metricEstimate } from "./metrics";
import type { CodeVerdict } from "./run-code";
import type { Item, TaskLayout, TaskSpec } from "./task";
import type { TextTokenizer } from "./tokenizer";

const spec = (change: Partial<TaskSpec>): TaskSpec => ({
  id: "t",
  label: "T",
  domain: "d",
  outputType: "generate_until",
  accuracyMetric: "exact_match",
  continuousMetric: "target_prob",
  about: "",
  itemsFile: "t.json",
  itemsSha256: "",
  items: 1,
  ...change,
});
const tokenizer: TextTokenizer = {
  encode: (text) => [...text].map((c) => c.codePointAt(0)!),
  decode: (ids) => String.fromCodePoint(...ids),
  prefixToken: 0,
  stopTokens: new Set(),
};
async function layoutOf(task: TaskSpec, items: readonly Item[]): Promise<TaskLayout> {
  const set = { format: "demix-tasks", version: 2, name: "n", domains: [], tasks: [task] } as const;
  const prepared = await prepareTasks(set, [items], tokenizer, 1000);
  if (!prepared.ok) throw new Error(prepared.problem.message);
  return prepared.value.layout.tasks[0]!;
}
const said = (sums: number[], greedy: number[] = [], texts: string[] = []): ItemOutcome => ({
  sums: Float64Array.from(sums),
  greedy: Int32Array.from(greedy),
  texts,
});
const PASSED: CodeVerdict = { kind: "passed" };
const TIMEOUT: CodeVerdict = { kind: "timeout" };

describe("rows of the version 1 types stay as they are", () => {
  it("generate_until: exact match without white space at the ends, then the target's log-likelihood", async () => {
    const item = { context: "c", target: " 42", until: [], maxGenToks: 4 };
    const task = await layoutOf(spec({}), [item]);
    expect(task.block.width).toBe(2);
    expect([...itemScores(task, 0, item, said([-2.5], [1], ["42 \n"]))]).toEqual([1, -2.5]);
    expect([...itemScores(task, 0, item, said([-2.5], [1], ["4"]))]).toEqual([0, -2.5]);
  });

  it("multiple_choice: padded with NaN to the widest item; loglikelihood_rolling: sums over windows", async () => {
    const items = [
      { context: "c", choices: ["a", "b", "d"], gold: 0 },
      { context: "c", choices: ["a", "b"], gold: 0 },
    ];
    const choice = await layoutOf(spec({ outputType: "multiple_choice" }), items);
    expect([...itemScores(choice, 1, items[1]!, said([-1, -2], [0, 1]))]).toEqual([-1, -2, Number.NaN]);
    const text = await layoutOf(spec({ outputType: "loglikelihood_rolling" }), [{ text: "abcdef" }]);
    expect([...itemScores(text, 0, { text: "abcdef" }, said([-1, -2], [3, 1]))]).toEqual([-3, 4]);
  });
});

it("loglikelihood: the sum, and whether every token is the likeliest", async () => {
  const item = { context: "c", continuation: "abc" };
  const task = await layoutOf(spec({ outputType: "loglikelihood" }), [item]);
  expect([...itemScores(task, 0, item, said([-1.5], [3]))]).toEqual([-1.5, 1]);
  expect([...itemScores(task, 0, item, said([-1.5], [2]))]).toEqual([-1.5, 0]);
});

it("takes several right choices, one context a choice, and none", async () => {
  const items = [
    {
      context: "",
      contexts: ["x", "y", "z"],
      choices: ["q", "q", "q"],
      gold: [1, 2],
      plain: ["x", "yy", "zzz"],
    },
    { context: "c", choices: ["a", "b"], gold: [] },
  ];
  const task = await layoutOf(spec({ outputType: "multiple_choice", accuracyMetric: "acc" }), items);
  expect(task.facts[0]).toMatchObject({ golds: [1, 2], chars: [1, 2, 3] });
  const row = Float32Array.of(-3, -2, -1, -5, -6, Number.NaN);
  const value = (metric: Parameters<typeof metricEstimate>[0]) => metricEstimate(metric, task, row).value;
  expect(value("acc")).toBe(0.5);
  expect(value("gold_ll")).toBe(-1);
  expect(value("gold_margin")).toBe(2);
  const [a, b, c] = [-3, -2, -1].map(Math.exp) as [number, number, number];
  expect(value("gold_prob")).toBeCloseTo((b + c) / (a + b + c), 6);
});

describe("code", () => {
  const task = spec({
    accuracyMetric: "pass@1",
    metrics: [{ metric: "pass@1" }, { metric: "pass@k", name: "pass@2", k: 2 }],
    filters: [{ name: "create_test", steps: [] }],
    generation: { temperature: 1, repeats: 3 },
  });
  const item = {
    context: "def f():",
    target: "",
    until: [],
    maxGenToks: 9,
    code: { prefix: "def f():", suffix: "\nassert f() == 1" },
  };

  it("makes a program of each text", () => {
    expect(codePrograms(task, item, [" return 1", ""])).toEqual([
      "def f(): return 1\nassert f() == 1",
      "def f():\nassert f() == 1",
    ]);
    expect(codePrograms(task, { text: "x" }, [])).toEqual([]);
  });

  it("scores the share that passes and the unbiased pass@k; nothing without verdicts", async () => {
    const layout = await layoutOf(task, [item]);
    expect(blockWidth(task, [item])).toBe(3);
    const outcome = said([], [], ["a", "b", "c"]);
    const row = itemScores(layout, 0, item, outcome, [PASSED, TIMEOUT, TIMEOUT]);
    expect([...row]).toEqual([Math.fround(1 / 3), Math.fround(2 / 3), Number.NaN]);
    expect(itemScores(layout, 0, item, outcome)[0]).toBeNaN();
    const column = { filter: "create_test", name: "pass@2" };
    expect(metricEstimate("pass@k", layout, row, column).value).toBe(Math.fround(2 / 3));
  });
});

it("has a value for every filter and metric", () => {
  const filters = ["strict", "flexible"].map((name) => ({
    name,
    steps: [{ function: "take_first" as const }],
  }));
  expect(textScores(spec({ filters, metrics: [{ metric: "exact_match" }] })).map((s) => s.filter)).toEqual([
    "strict",
    "flexible",
  ]);
});
