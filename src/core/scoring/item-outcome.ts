/** What the model said of one item: what scores, samples files and the item browser are made from. */
export interface ItemOutcome {
  /** Σ log p (nats) of each of the item's sequences (`ItemRequests.sequences`). */
  readonly sums: Float64Array;
  /** Tokens of each sequence that greedy decoding gets right. */
  readonly greedy: Int32Array;
  /** Generated texts, cut at the first stop string; one a repeat. Empty where nothing is generated. */
  readonly texts: readonly string[];
}

/** Outcomes that a measurement keeps beside its row of item scores: generated texts, greedy flags. */
export interface ItemDetail {
  readonly task: number;
  readonly item: number;
  readonly greedy: readonly number[];
  readonly texts: readonly string[];
}
