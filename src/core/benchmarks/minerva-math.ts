import type { Item } from "../scoring/task";
import { type Benchmark, type ItemContext, type LeftOut, leftOut, type TaskRules } from "./benchmark";
import { DEFAULT_MAX_GEN_TOKS } from "./gsm8k";
import { lastBoxed, normalizeFinalAnswer, withoutBox } from "./minerva-answer";
import { hasFields, type Row, textField } from "./row";

const prompt = (problem: string): string => `Problem:\n${problem}\n\nSolution:`;

/** The answer of a solution, normalised; null where nothing is boxed. */
export function answerOf(solution: string): string | null {
  const boxed = lastBoxed(solution);
  const inner = boxed === null ? null : withoutBox(boxed);
  return inner === null ? null : normalizeFinalAnswer(inner);
}

function minervaItem(row: Row, { shots, maxGenToks }: ItemContext): Item | LeftOut {
  const problem = textField(row, "problem");
  const solution = textField(row, "solution");
  if (problem === undefined || solution === undefined) return leftOut("problem or solution is no text");
  const answer = answerOf(solution);
  if (answer === null) return leftOut("solution has no \\boxed answer");
  const shown = shots.map(
    (shot) => `${prompt(textField(shot, "problem") ?? "")} ${textField(shot, "solution") ?? ""}\n\n`,
  );
  return {
    context: shown.join("") + prompt(problem),
    target: ` ${solution}`,
    targets: [answer],
    until: ["Problem:"],
    maxGenToks: maxGenToks ?? DEFAULT_MAX_GEN_TOKS,
    source: { doc: { ...row, problem, solution, answer }, target: answer },
  };
}

const rules: TaskRules = {
  outputType: "generate_until",
  accuracyMetric: "exact_match",
  continuousMetric: "target_prob",
  metrics: [
    { metric: "exact_match", higherIsBetter: true, rule: "minerva_math" },
    { metric: "target_prob" },
    { metric: "target_ll" },
  ],
};

export const minervaMath: Benchmark = {
  id: "minerva_math",
  label: "MATH",
  domain: "math",
  version: 3.1,
  licence: "MIT (Hendrycks et al.)",
  fields: "problem, solution, and type, subject or level",
  reports:
    'exact_match: share of answers behind "Final Answer: The final answer is" that are equal to the boxed one after normalisation.',
  shots: 4,
  modes: ["lm-eval"],
  recognises: (row) => hasFields(row, "problem", "solution"),
  rules: () => rules,
  item: minervaItem,
};
