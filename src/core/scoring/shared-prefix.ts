import type { ScoredSequence } from "./requests";

/** Tokens that many items of a task begin with, for instance few-shot examples, and which of the items do. */
export interface SharedPrefix {
  readonly tokens: readonly number[];
  readonly shared: readonly boolean[];
}

/** Below these, computing a prefix apart costs more than it saves. */
const LEAST_TOKENS = 16;
const LEAST_SAVED = 4096;

/**
 * The beginning of the items' `heads` that saves most tokens when it is computed once, following the more frequent
 * continuation; null where it does not pay.
 */
export function sharedPrefix(heads: readonly (readonly number[])[]): SharedPrefix | null {
  let members = heads.map((_, i) => i);
  let best = { length: 0, saved: 0, members };
  for (let length = 1; members.length > 1; length++) {
    const count = new Map<number, number>();
    for (const i of members) {
      const token = heads[i]![length - 1];
      if (token !== undefined) count.set(token, (count.get(token) ?? 0) + 1);
    }
    let next = -1;
    for (const [token, n] of count) if (n > (count.get(next) ?? 0)) next = token;
    members = members.filter((i) => heads[i]![length - 1] === next);
    const saved = (members.length - 1) * length;
    if (saved > best.saved) best = { length, saved, members };
  }
  if (best.length < LEAST_TOKENS || best.saved < LEAST_SAVED) return null;
  const shared = heads.map(() => false);
  for (const i of best.members) shared[i] = true;
  return { tokens: heads[best.members[0]!]!.slice(0, best.length), shared };
}

/** What may be shared of an item: the common beginning of its sequences, one token short of what is scored. */
export function sharedHead(sequences: readonly ScoredSequence[]): readonly number[] {
  const [first] = sequences;
  if (!first) return [];
  let length = Math.min(...sequences.map(({ from }) => from - 1));
  for (const { tokens } of sequences) {
    let same = 0;
    while (same < length && tokens[same] === first.tokens[same]) same++;
    length = same;
  }
  return first.tokens.slice(0, Math.max(0, length));
}
