/** One model's scores as another tool wrote them: a reference, or with items of the same tasks a measurement. */
export interface ImportedScores {
  readonly tool: "lm-eval" | "opencompass" | "workbench";
  /** The model as the file names it. */
  readonly name: string;
  /** The files that it was read from. */
  readonly files: readonly string[];
  /** ISO 8601, UTC; null where the file does not say. */
  readonly at: string | null;
  /** Share of each component by its id; null where the file does not say what was merged. */
  readonly alpha: Readonly<Record<string, number>> | null;
  readonly tasks: readonly ImportedTask[];
}

export interface ImportedTask {
  readonly task: string;
  readonly version: string | null;
  readonly nShot: number | null;
  /** Items behind the values; null where the file does not say. */
  readonly n: number | null;
  /** Tasks that this one aggregates; null for a task of its own. */
  readonly members: readonly string[] | null;
  readonly values: readonly ImportedValue[];
  /** Null where the file has none. */
  readonly items: readonly ImportedItem[] | null;
}

export interface ImportedValue {
  readonly metric: string;
  /** lm-eval's filter, OpenCompass's mode; null where there is none. */
  readonly filter: string | null;
  /** As the file states it. */
  readonly value: number;
  readonly stderr: number | null;
  readonly higherIsBetter: boolean | null;
  /** OpenCompass states shares in per cent. */
  readonly percent: boolean;
}

/** An item under one filter. */
export interface ImportedItem {
  /** Its place in the data file. */
  readonly id: number;
  readonly filter: string | null;
  /** The prompt of each request, and what was scored behind it (null: generated, or the whole text). */
  readonly requests: readonly { readonly context: string; readonly continuation: string | null }[];
  /** Of each request: Σ log p (nats), null where it was generated. */
  readonly sums: readonly (number | null)[];
  /** Whether greedy decoding gives the continuation. */
  readonly greedy: readonly (boolean | null)[];
  /** Generated texts; one a repeat. */
  readonly texts: readonly string[];
  readonly target: string | null;
  /** Values of metrics that are one number an item. */
  readonly values: Readonly<Record<string, number>>;
}

/** A value as a share of 1, where it is one. */
export const asShare = ({ value, percent }: ImportedValue): number => (percent ? value / 100 : value);
