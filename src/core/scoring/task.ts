/** lm-eval's request types (its 0.4.13 names). */
export type OutputType = "multiple_choice" | "loglikelihood_rolling" | "generate_until";

/** Metric names: lm-eval's where it has one; token_acc, byte_prob, gold_*, target_* are this project's continuous ones. */
export type MetricId =
  | "acc"
  | "acc_norm"
  | "gold_prob"
  | "gold_ll"
  | "gold_margin"
  | "token_acc"
  | "bits_per_byte"
  | "byte_prob"
  | "exact_match"
  | "target_prob"
  | "target_ll";

export interface RollingItem {
  readonly text: string;
}
export interface ChoiceItem {
  readonly context: string;
  readonly choices: readonly string[];
  readonly gold: number;
}
export interface GenerateItem {
  readonly context: string;
  readonly target: string;
  readonly until: readonly string[];
  readonly maxGenToks: number;
}
export type Item = RollingItem | ChoiceItem | GenerateItem;

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
}

export interface Domain {
  readonly id: string;
  readonly label: string;
}

/** tasks.json: domains and task definitions, without items. */
export interface TaskSetSpec {
  readonly format: "demix-tasks";
  readonly version: 1;
  readonly name: string;
  readonly domains: readonly Domain[];
  readonly tasks: readonly TaskSpec[];
}

/**
 * Item scores are rows of float32, task after task, items in file order; `width` floats an item:
 * - multiple_choice: Σ log p of each choice (nats), padded with NaN to the widest item of the task;
 * - loglikelihood_rolling: [Σ log p of the text (nats), number of tokens that greedy decoding gets right];
 * - generate_until: [exact match 0 or 1, Σ log p of the target (nats)].
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
  /** Gold choice (multiple_choice), else 0. */
  readonly gold: number;
  /** UTF-8 bytes of the text, or of each choice, or of the target. */
  readonly bytes: readonly number[];
  /** Characters of the text, of each choice, or of the target. */
  readonly chars: readonly number[];
  /** Tokens scored: of the text, of each choice, or of the target. */
  readonly tokens: readonly number[];
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
  /** Floats in one row of item scores. */
  readonly floats: number;
}

/** Which of a benchmark's two scores counts: continuous (default: sharper) or accuracy-like. */
export type ScoreView = "continuous" | "accuracy";
