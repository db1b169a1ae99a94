import type { Item } from "../scoring/task";
import { type Benchmark, type ItemContext, type LeftOut, leftOut, type TaskRules } from "./benchmark";
import { hasFields, type Row, textField } from "./row";

const MAX_GEN_TOKS = 1024;

/** What runs: prompt, generated text and tests; lm-eval's code_eval puts one line break before the tests. */
function humanevalItem(row: Row, { maxGenToks }: ItemContext): Item | LeftOut {
  const prompt = textField(row, "prompt");
  const test = textField(row, "test");
  const entryPoint = textField(row, "entry_point");
  if (prompt === undefined || test === undefined || entryPoint === undefined)
    return leftOut("prompt, test or entry_point is no text");
  const tests = `${test}\ncheck(${entryPoint})`;
  return {
    context: prompt,
    target: textField(row, "canonical_solution") ?? "",
    until: ["\nclass", "\ndef", "\n#", "\nif", "\nprint"],
    maxGenToks: maxGenToks ?? MAX_GEN_TOKS,
    code: { prefix: prompt, suffix: `\n${tests}` },
    source: { doc: row, target: tests },
  };
}

const rules: TaskRules = {
  outputType: "generate_until",
  accuracyMetric: "pass@1",
  continuousMetric: "target_prob",
  metrics: [
    { metric: "pass@1", name: "pass@1", higherIsBetter: true },
    { metric: "target_prob" },
    { metric: "target_ll" },
  ],
  filters: [{ name: "create_test", steps: [{ function: "take_first" }] }],
};

export const humaneval: Benchmark = {
  id: "humaneval",
  label: "HumanEval",
  domain: "code",
  version: 1,
  licence: "MIT (OpenAI)",
  fields: "task_id, prompt, entry_point, test",
  reports: "pass@1: share of functions whose tests pass.",
  shots: 0,
  modes: ["lm-eval"],
  recognises: (row) => hasFields(row, "task_id", "prompt", "entry_point", "test"),
  rules: () => rules,
  item: humanevalItem,
};
