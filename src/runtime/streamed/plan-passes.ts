import type { PlannedItem } from "../score-plan";

export interface PassSizes {
  /** Tokens of the first pass at least. */
  readonly first: number;
  /** Every pass has at least this many times the tokens of all before it. */
  readonly growth: number;
}

export interface PassCost {
  /** Bytes that are read for every pass, whatever its items. */
  readonly bytes: number;
  /** Multiplications of one token: about the model's parameters. */
  readonly parameters: number;
  readonly gpu: boolean;
}

/** Bytes read and merged, and multiplications done, in a second: only their ratio counts, and that roughly. */
const BYTES_PER_SECOND = 5e8;
const WORK_PER_SECOND = { cpu: 1e10, gpu: 2e11 };
const LEAST_TOKENS = 256;
const GROWTH = 4;

/** The first pass computes for about as long as it reads, and what is read again adds a quarter to the rest at most. */
export function passSizes({ bytes, parameters, gpu }: PassCost): PassSizes {
  const reading = bytes / BYTES_PER_SECOND;
  const tokens = (reading * WORK_PER_SECOND[gpu ? "gpu" : "cpu"]) / parameters;
  return { first: Math.max(LEAST_TOKENS, Math.ceil(tokens)), growth: GROWTH };
}

/**
 * Cuts items, in their order, into few passes: each reads every weight again, so a small first sample is followed by ever
 * larger ones. What would be left for a smaller pass than the one before joins it.
 */
export function planPasses(
  items: readonly PlannedItem[],
  cost: (item: PlannedItem) => number,
  { first, growth }: PassSizes,
): PlannedItem[][] {
  const passes: PlannedItem[][] = [];
  let left = items.reduce((n, item) => n + cost(item), 0);
  let done = 0;
  let wanted = first;
  let pass: PlannedItem[] = [];
  let tokens = 0;
  for (const item of items) {
    pass.push(item);
    tokens += cost(item);
    left -= cost(item);
    if (tokens < wanted || left <= tokens) continue;
    passes.push(pass);
    done += tokens;
    [pass, tokens, wanted] = [[], 0, growth * done];
  }
  if (pass.length > 0) passes.push(pass);
  return passes;
}
