import type { FilterPipeline } from "./filter-pipeline";

/** lm-eval's request types (its 0.4.13 names). */
export type OutputType = "multiple_choice" | "loglikelihood" | "loglikelihood_rolling" | "generate_until";

/** Metric names: lm-eval's where it has one; token_acc, byte_prob, gold_*, target_* are this project's continuous ones. */
export type MetricId =
  | "acc"
  | "acc_norm"
  | "acc_bytes"
  | "acc_mutual_info"
  | "acc_ppl"
  | "brier_score"
  | "f1"
  | "mcc"
  | "gold_prob"
  | "gold_ll"
  | "gold_margin"
  | "token_acc"
  | "bits_per_byte"
  | "byte_prob"
  | "byte_perplexity"
  | "word_perplexity"
  | "perplexity"
  | "exact_match"
  | "pass@1"
  | "pass@k"
  | "target_prob"
  | "target_ll";

/** What an item was made from, for samples files and the item browser. */
export interface ItemSource {
  /** The data file's row. */
  readonly doc: Readonly<Record<string, unknown>>;
  /** What lm-eval's doc_to_target gives. */
  readonly target: string | number | readonly (string | number)[];
}

interface ItemBase {
  readonly source?: ItemSource;
}

export interface RollingItem extends ItemBase {
  readonly text: string;
  /** Words and bytes that count; those of the text when absent. */
  readonly words?: number;
  readonly bytes?: number;
}
/** A context and one continuation (output type "loglikelihood"). */
export interface LoglikelihoodItem extends ItemBase {
  readonly context: string;
  readonly continuation: string;
}
export interface ChoiceItem extends ItemBase {
  readonly context: string;
  /** Continuations, delimiter included. With `contexts` the one continuation that all share stands in each place. */
  readonly choices: readonly string[];
  /** Index of the right choice; several where each is right; an empty list where none is (it then counts as wrong). */
  readonly gold: number | readonly number[];
  /** One context a choice, instead of `context` (lm-eval's multiple inputs: WinoGrande). */
  readonly contexts?: readonly string[];
  /** The choices whose lengths acc_norm and acc_bytes divide by; `choices` without one leading space when absent. */
  readonly plain?: readonly string[];
}
export interface GenerateItem extends ItemBase {
  readonly context: string;
  /** The continuation whose log-likelihood is measured, delimiter included; "" where none is. */
  readonly target: string;
  readonly until: readonly string[];
  readonly maxGenToks: number;
  /**
   * What the filtered answer is compared with, as lm-eval's doc_to_target gives it; any of several counts. When absent the
   * answer equals `target` after white space at both ends of both is removed.
   */
  readonly targets?: readonly string[];
  /** Choices that the filter multi_choice_regex looks for. */
  readonly choices?: readonly string[];
  /** The answer is Python code: what runs is `prefix` + answer + `suffix`. */
  readonly code?: CodeTest;
}
export type Item = RollingItem | LoglikelihoodItem | ChoiceItem | GenerateItem;

export interface CodeTest {
  readonly prefix: string;
  readonly suffix: string;
  /** Seconds; lm-eval's code_eval allows 3. */
  readonly timeLimit?: number;
}

/** How texts are generated; greedily when `temperature` is 0. */
export interface GenerationSettings {
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  /** Texts an item (lm-eval's `repeats`), 1 when absent. */
  readonly repeats?: number;
  readonly seed?: number;
}

/** Options of lm-eval's exact_match. */
export interface ExactMatchOptions {
  readonly ignoreCase?: boolean;
  readonly ignorePunctuation?: boolean;
  readonly ignoreNumbers?: boolean;
  /** Python patterns whose matches are removed from both sides first. */
  readonly regexesToIgnore?: readonly string[];
}

/** One metric of a task as its results file names it. */
export interface MetricUse {
  readonly metric: MetricId;
  /** Name in results files, "pass_at_1" for instance; `metric` when absent. */
  readonly name?: string;
  readonly higherIsBetter?: boolean;
  readonly exactMatch?: ExactMatchOptions;
  /** A benchmark's own comparison of answer and item instead (`ANSWER_RULES`). */
  readonly rule?: string;
  /** Of pass@k. */
  readonly k?: number;
}

/** Where a task comes from: what lm-eval's results files say of it. */
export interface TaskOrigin {
  readonly task: string;
  readonly version: string | number;
  readonly nShot: number;
  /** The configuration as lm-eval writes it. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** lm-eval's rules, or OpenCompass's PPL or GEN mode. */
export type ScoringMode = "lm-eval" | "opencompass-ppl" | "opencompass-gen";

export interface TaskSpec {
  readonly id: string;
  readonly label: string;
  readonly domain: string;
  readonly outputType: OutputType;
  readonly accuracyMetric: MetricId;
  readonly continuousMetric: MetricId;
  readonly about: string;
  readonly itemsFile: string;
  readonly itemsSha256: string;
  readonly items: number;
  /** All metrics that are reported; the accuracy-like and the continuous one when absent. */
  readonly metrics?: readonly MetricUse[];
  /** What becomes of generated texts before they are compared: each pipeline with each metric. "none" when absent. */
  readonly filters?: readonly FilterPipeline[];
  /** The filter under which the accuracy-like metric counts; the first one when absent. */
  readonly accuracyFilter?: string;
  readonly generation?: GenerationSettings;
  readonly origin?: TaskOrigin;
  /** "lm-eval" when absent. */
  readonly mode?: ScoringMode;
}

export interface Domain {
  readonly id: string;
  readonly label: string;
}

/** A group of lm-eval: what it aggregates over its tasks. */
export interface TaskGroup {
  readonly id: string;
  readonly label: string;
  /** Task ids, groups inside it resolved. */
  readonly tasks: readonly string[];
  readonly aggregates: readonly GroupAggregate[];
  readonly version?: string | number;
}

export interface GroupAggregate {
  /** Name in results files. */
  readonly metric: string;
  /** All filters of the tasks, in alphabetical order, when absent. */
  readonly filters?: readonly string[];
  /** Weighted by items, else the plain mean over tasks. */
  readonly weightBySize: boolean;
}

/** tasks.json: domains and task definitions, without items. Version 1 has none of the optional fields. */
export interface TaskSetSpec {
  readonly format: "demix-tasks";
  readonly version: 1 | 2;
  readonly name: string;
  readonly domains: readonly Domain[];
  readonly tasks: readonly TaskSpec[];
  readonly groups?: readonly TaskGroup[];
}

/**
 * Item scores are rows of float32, task after task, items in file order; `width` floats an item:
 * - multiple_choice: Σ log p of each choice (nats), padded with NaN to the widest item of the task; then as many without
 *   context where acc_mutual_info is among the metrics, then 1 or 0 where exact_match is (greedy decoding gives a right choice);
 * - loglikelihood: [Σ log p of the continuation (nats), 1 or 0: greedy decoding gives it];
 * - loglikelihood_rolling: [Σ log p of the text (nats), number of tokens that greedy decoding gets right];
 * - generate_until: one value a filter and metric on the text (`textScores`), then Σ log p of the target (nats; NaN without one).
 * An item that is not scored yet has NaN in its first float.
 */
export interface ScoreBlock {
  readonly task: string;
  readonly items: number;
  readonly width: number;
  /** Index of the task's first float in the row. */
  readonly offset: number;
}

/** What a metric needs to know of an item besides its scores; known after tokenisation, never changed by α. */
export interface ItemFacts {
  /** Gold choice (multiple_choice); -1 where no choice is right; else 0. */
  readonly gold: number;
  /** All right choices where there is more than one. */
  readonly golds?: readonly number[];
  /** UTF-8 bytes of the text, or of each choice, or of the target. */
  readonly bytes: readonly number[];
  /** Characters of the text, of each choice, or of the target. */
  readonly chars: readonly number[];
  /** Tokens scored: of the text, of each choice, or of the target. */
  readonly tokens: readonly number[];
  /** Words of a rolling text, by lm-eval's count. */
  readonly words?: number;
}

/** A task ready for metrics: definition, score block and item facts. */
export interface TaskLayout {
  readonly spec: TaskSpec;
  readonly block: ScoreBlock;
  readonly facts: readonly ItemFacts[];
}

/** Everything right of the engine needs this and never the model: it travels as JSON. */
export interface TaskSetLayout {
  readonly hash: string;
  readonly name: string;
  readonly domains: readonly Domain[];
  readonly tasks: readonly TaskLayout[];
  readonly groups?: readonly TaskGroup[];
  /** Floats in one row of item scores. */
  readonly floats: number;
}

/** Which of a benchmark's two scores counts: continuous (default: sharper) or accuracy-like. */
export type ScoreView = "continuous" | "accuracy";
