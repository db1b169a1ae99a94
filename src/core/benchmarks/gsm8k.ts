import type { Item } from "../scoring/task";
import { type Benchmark, type ItemContext, type LeftOut, leftOut, type TaskRules } from "./benchmark";
import { hasFields, type Row, textField } from "./row";

/** lm-eval's `max_gen_toks` where a task names none. */
export const DEFAULT_MAX_GEN_TOKS = 256;

const prompt = (question: string): string => `Question: ${question}\nAnswer:`;

function gsm8kItem(row: Row, { shots, maxGenToks }: ItemContext): Item | LeftOut {
  const question = textField(row, "question");
  const answer = textField(row, "answer");
  if (question === undefined || answer === undefined) return leftOut("question or answer is no text");
  if (!answer.includes("#### ")) return leftOut('answer has no "#### "');
  const shown = shots.map(
    (shot) => `${prompt(textField(shot, "question") ?? "")} ${textField(shot, "answer") ?? ""}\n\n`,
  );
  return {
    context: shown.join("") + prompt(question),
    target: ` ${answer}`,
    targets: [answer],
    until: ["Question:", "</s>", "<|im_end|>"],
    maxGenToks: maxGenToks ?? DEFAULT_MAX_GEN_TOKS,
    source: { doc: row, target: answer },
  };
}

const rules: TaskRules = {
  outputType: "generate_until",
  accuracyMetric: "exact_match",
  continuousMetric: "target_prob",
  metrics: [
    {
      metric: "exact_match",
      higherIsBetter: true,
      exactMatch: {
        ignoreCase: true,
        ignorePunctuation: false,
        regexesToIgnore: [",", "\\$", "(?s).*#### ", "\\.$"],
      },
    },
    { metric: "target_prob" },
    { metric: "target_ll" },
  ],
  filters: [
    {
      name: "strict-match",
      steps: [
        {
          function: "regex",
          pattern: "#### (\\-?[0-9\\.\\,]+)",
          groupSelect: 0,
          fallback: "[invalid]",
        },
        { function: "take_first" },
      ],
    },
    {
      name: "flexible-extract",
      steps: [
        {
          function: "regex",
          pattern: "(-?[$0-9.,]{2,})|(-?[0-9]+)",
          groupSelect: -1,
          fallback: "[invalid]",
        },
        { function: "take_first" },
      ],
    },
  ],
  accuracyFilter: "strict-match",
};

export const gsm8k: Benchmark = {
  id: "gsm8k",
  label: "GSM8K",
  domain: "math",
  version: 3,
  licence: "MIT (OpenAI)",
  fields: 'question, answer (which ends in "#### " and a number)',
  reports:
    'exact_match: share of answers with the right number, found behind "####" (strict-match) or as the last number (flexible-extract).',
  shots: 5,
  modes: ["lm-eval"],
  recognises: (row) =>
    hasFields(row, "question", "answer") &&
    textField(row, "question") !== undefined &&
    (textField(row, "answer")?.includes("#### ") ?? false),
  rules: () => rules,
  item: gsm8kItem,
};
