import type { Item } from "../scoring/task";
import { type Benchmark, type ItemContext, type LeftOut, leftOut, type TaskRules } from "./benchmark";
import { DEFAULT_MAX_GEN_TOKS } from "./gsm8k";
import { field, hasFields, type Row, textField, textListField } from "./row";

/** The full set's test split; 1–10 are for prompts, 511–600 validation, 601–974 training. */
export const MBPP_TEST = [11, 510] as const;
/** lm-eval shows the problems 2, 3 and 4. */
export const MBPP_SHOTS = [2, 3, 4] as const;

const taskText = (row: Row): string | undefined => textField(row, "text") ?? textField(row, "prompt");

/** Only the first three tests are shown and run, as in lm-eval; `test_setup_code` is not used there. */
function prompt(row: Row): string | null {
  const text = taskText(row);
  const tests = textListField(row, "test_list");
  if (text === undefined || !tests || tests.length < 3) return null;
  return (
    `You are an expert Python programmer, and here is your task: ${text} ` +
    `Your code should pass these tests:\n\n${tests.slice(0, 3).join("\n")}\n[BEGIN]\n`
  );
}

function mbppItem(row: Row, { shots, maxGenToks }: ItemContext): Item | LeftOut {
  const own = prompt(row);
  if (own === null) return leftOut("text is missing, or there are fewer than three tests");
  const shown = shots.map((shot) => `${prompt(shot) ?? ""}${textField(shot, "code") ?? ""}\n[DONE]\n\n`);
  const tests = textListField(row, "test_list")!.slice(0, 3).join("\n");
  const code = textField(row, "code");
  return {
    context: shown.join("") + own,
    target: code === undefined ? "" : `${code}\n[DONE]`,
    until: ["[DONE]"],
    maxGenToks: maxGenToks ?? DEFAULT_MAX_GEN_TOKS,
    code: { prefix: "", suffix: `\n${tests}` },
    source: { doc: row, target: tests },
  };
}

const rules: TaskRules = {
  outputType: "generate_until",
  accuracyMetric: "pass@1",
  continuousMetric: "target_prob",
  metrics: [
    { metric: "pass@1", name: "pass_at_1", higherIsBetter: true },
    { metric: "target_prob" },
    { metric: "target_ll" },
  ],
};

export const mbpp: Benchmark = {
  id: "mbpp",
  label: "MBPP",
  domain: "code",
  version: 1,
  licence: "CC BY 4.0 (Google)",
  fields: "task_id, text, code, test_list",
  reports: "pass@1: share of problems whose generated code passes the first three tests.",
  shots: 3,
  modes: ["lm-eval"],
  recognises: (row) =>
    hasFields(row, "task_id", "code", "test_list") &&
    taskText(row) !== undefined &&
    !hasFields(row, "entry_point"),
  rules: () => rules,
  item: mbppItem,
};

export const mbppTaskId = (row: Row): number => Number(field(row, "task_id"));
