import { childSeed, seededRandom } from "../seeded-random";

export interface OrderedItem {
  readonly task: number;
  readonly item: number;
}

/** Items in the order in which they are scored; a slice is complete before the next begins. */
export interface StratifiedOrder {
  readonly slices: readonly (readonly OrderedItem[])[];
  readonly items: number;
}

export interface SliceSizes {
  /** Tokens of the first slice at most, and the share of all tokens that it may be. */
  readonly firstTokens: number;
  readonly firstShare: number;
  /** Every slice has this many times the tokens of the one before, up to `mostTokens`. */
  readonly growth: number;
  readonly mostTokens: number;
}

export const SLICES: SliceSizes = { firstTokens: 1400, firstShare: 0.02, growth: 2, mostTokens: 12_000 };
/** Items of every task in the first slice at least: an interval needs two. */
const LEAST = 2;
const SEED = 20_602;

/**
 * The fixed order in which a task set is scored: every task shuffled by a fixed seed, and every slice with the same
 * share of every task and the tasks taken in turn, so that any beginning of the order is a fair sample. `cost[t][i]` is tokens to compute.
 */
export function stratifiedOrder(
  cost: readonly (readonly number[])[],
  sizes: SliceSizes = SLICES,
): StratifiedOrder {
  const shuffled = cost.map((items, t) => shuffle(items.length, childSeed(SEED, t)));
  const total = cost.flat().reduce((a, b) => a + b, 0);
  const slices: OrderedItem[][] = [];
  const taken = cost.map(() => 0);
  let tokens = Math.max(1, Math.min(sizes.firstTokens, sizes.firstShare * total));
  let share = 0;
  while (taken.some((n, t) => n < cost[t]!.length)) {
    share += tokens / total;
    const slice: { item: OrderedItem; place: number }[] = [];
    for (const [t, items] of cost.entries()) {
      const wanted = share >= 1 ? items.length : Math.round(share * items.length);
      const upTo = Math.min(items.length, Math.max(LEAST, wanted));
      const part = shuffled[t]!.slice(taken[t], upTo);
      taken[t] = Math.max(taken[t]!, upTo);
      for (const [i, item] of part.entries())
        slice.push({ item: { task: t, item }, place: (i + 0.5) / part.length });
    }
    slice.sort((a, b) => a.place - b.place || a.item.task - b.item.task);
    if (slice.length > 0) slices.push(slice.map(({ item }) => item));
    tokens = Math.min(tokens * sizes.growth, sizes.mostTokens);
  }
  return { slices, items: cost.reduce((n, items) => n + items.length, 0) };
}

function shuffle(length: number, seed: number): number[] {
  const random = seededRandom(seed);
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
