import type { FilterPipeline } from "../scoring/filter-pipeline";
import type { Item, MetricId, MetricUse, OutputType, ScoringMode } from "../scoring/task";
import type { Row } from "./row";

export type BenchmarkId =
  | "arc_easy"
  | "arc_challenge"
  | "hellaswag"
  | "winogrande"
  | "piqa"
  | "social_iqa"
  | "humaneval"
  | "mbpp"
  | "gsm8k"
  | "minerva_math";

/** The domains of the paper's tables. */
export type DomainId = "general" | "code" | "math";

/** Why a row becomes no item. */
export interface LeftOut {
  readonly leftOut: string;
}

/** What a benchmark's task reports in one scoring mode; TaskSpec has the meaning of the fields. */
export interface TaskRules {
  readonly outputType: OutputType;
  readonly accuracyMetric: MetricId;
  readonly continuousMetric: MetricId;
  readonly metrics: readonly MetricUse[];
  readonly filters?: readonly FilterPipeline[];
  readonly accuracyFilter?: string;
}

export interface ItemContext {
  readonly mode: ScoringMode;
  /** Rows shown before the item, in order. */
  readonly shots: readonly Row[];
  /** Tokens that may be generated; the benchmark's own limit when absent. */
  readonly maxGenToks?: number;
}

/** One benchmark: how its rows are recognised and become items. */
export interface Benchmark {
  /** lm-eval's name of the task. */
  readonly id: BenchmarkId;
  readonly label: string;
  readonly domain: DomainId;
  /** lm-eval's version of the task. */
  readonly version: number;
  /** Licence of the items, as their authors state it. */
  readonly licence: string;
  /** Fields by which rows are recognised, for people. */
  readonly fields: string;
  /** What is reported, one sentence. */
  readonly reports: string;
  /** Shots in lm-eval. */
  readonly shots: number;
  readonly modes: readonly ScoringMode[];
  recognises(row: Row): boolean;
  rules(mode: ScoringMode): TaskRules;
  /** A row → its item, or why it is none. */
  item(row: Row, context: ItemContext): Item | LeftOut;
}

export const leftOut = (reason: string): LeftOut => ({ leftOut: reason });

export const isLeftOut = (item: Item | LeftOut): item is LeftOut => "leftOut" in item;

const CHOICE_MODES: readonly ScoringMode[] = ["lm-eval", "opencompass-ppl", "opencompass-gen"];
export const choiceModes = CHOICE_MODES;

const lmEvalChoice = (normalised: boolean): TaskRules => ({
  outputType: "multiple_choice",
  accuracyMetric: normalised ? "acc_norm" : "acc",
  continuousMetric: "gold_prob",
  metrics: [
    { metric: "acc", higherIsBetter: true },
    ...(normalised ? [{ metric: "acc_norm", higherIsBetter: true } as const] : []),
    { metric: "gold_prob" },
    { metric: "gold_ll" },
    { metric: "gold_margin" },
  ],
});

/** Rules of a choice benchmark in each mode; `normalised`: lm-eval reports acc_norm beside acc. */
export function choiceRules(mode: ScoringMode, normalised: boolean): TaskRules {
  if (mode === "opencompass-gen")
    return {
      outputType: "generate_until",
      accuracyMetric: "exact_match",
      continuousMetric: "target_prob",
      metrics: [
        { metric: "exact_match", name: "accuracy", rule: "opencompass_option", higherIsBetter: true },
      ],
    };
  if (mode === "opencompass-ppl")
    return {
      outputType: "multiple_choice",
      accuracyMetric: "acc_ppl",
      continuousMetric: "gold_prob",
      metrics: [
        { metric: "acc_ppl", name: "accuracy", higherIsBetter: true },
        { metric: "gold_prob" },
        { metric: "gold_ll" },
        { metric: "gold_margin" },
      ],
    };
  return lmEvalChoice(normalised);
}
