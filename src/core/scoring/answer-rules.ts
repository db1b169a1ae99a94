import { minervaScore } from "../benchmarks/minerva-answer";
import { optionScore } from "../benchmarks/option-answer";
import type { GenerateItem } from "./task";

/** Value, 0 to 1, of a filtered answer for an item, where a benchmark has a comparison of its own. */
export type AnswerRule = (answer: string, item: GenerateItem) => number;

/** By the name that `MetricUse.rule` gives. */
export const ANSWER_RULES: Readonly<Record<string, AnswerRule>> = {
  minerva_math: minervaScore,
  opencompass_option: optionScore,
};
