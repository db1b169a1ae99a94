import type { MergeChoice } from "../core/merge/merge-choice";
import type { Subject } from "../core/scoring/measurement";
import type { Item, TaskSetSpec } from "../core/scoring/task";

/** Tasks with their prepared items: `items[t]` are those of `spec.tasks[t]`. */
export interface TaskBundle {
  readonly spec: TaskSetSpec;
  readonly items: readonly (readonly Item[])[];
}

/** A token with the text that it adds; "" where a character's bytes are not complete before a later token. */
export interface ShownToken {
  readonly id: number;
  readonly text: string;
}

/** Tokens as the model sees them, of which those from index `from` on are scored, each after all before it. */
export interface ShownSequence {
  readonly tokens: readonly ShownToken[];
  readonly from: number;
  /** Tokens lost on the left because the model takes no more. */
  readonly cut: number;
}

/** What is generated, and from what. */
export interface ShownGeneration {
  readonly prompt: readonly ShownToken[];
  /** Tokens of the prompt lost on the left. */
  readonly cut: number;
  readonly until: readonly string[];
  readonly maxTokens: number;
}

/** Exactly what is asked of the model for one item. */
export interface ItemPreview {
  /** One a choice, the windows of a rolling text, or the target of a generation. */
  readonly sequences: readonly ShownSequence[];
  /** Null where nothing is generated. */
  readonly generation: ShownGeneration | null;
}

export interface ItemMeasureRequest {
  readonly subject: Subject;
  /** How a mixture is merged; linear when absent. */
  readonly method?: MergeChoice;
  /** Index of the task in the task set, and of the item in the task. */
  readonly task: number;
  readonly item: number;
}

/** What the model says of one item, token by token. */
export interface ItemMeasurement {
  /** For every sequence of the item's preview: of its tokens from `from` on, log p (nats) and whether each is the argmax. */
  readonly sequences: readonly {
    readonly logProb: readonly number[];
    readonly greedy: readonly boolean[];
  }[];
  /** Generated texts, cut at the first stop string; empty where nothing is generated. */
  readonly texts: readonly string[];
}
