import type { PreparedTasks } from "../core/scoring/layout";
import type { GenerateRequest } from "../core/scoring/requests";
import { type StratifiedOrder, stratifiedOrder } from "../core/scoring/stratified-order";
import type { TaskSetLayout } from "../core/scoring/task";
import { itemTrees, type TokenTree } from "../core/scoring/token-tree";
import type { TextTokenizer } from "../core/scoring/tokenizer";

/** An item ready to be scored. */
export interface PlannedItem {
  readonly task: number;
  readonly item: number;
  /** Its first float in the row of item scores. */
  readonly at: number;
  readonly sequences: number;
  readonly trees: readonly TokenTree[];
  readonly generate?: GenerateRequest;
}

/** Everything about a task set that no α changes. */
export interface ScorePlan {
  readonly layout: TaskSetLayout;
  readonly tokenizer: TextTokenizer;
  readonly slices: readonly (readonly PlannedItem[])[];
  readonly items: number;
  /** Tokens of all trees and prompts: what one complete measurement computes, generated tokens aside. */
  readonly tokens: number;
}

/** Largest tree, in nodes; the choices of an item beyond it are split. */
const TREE_LIMIT = 1024;

export function planScoring(
  { layout, requests }: PreparedTasks,
  tokenizer: TextTokenizer,
  order?: StratifiedOrder,
): ScorePlan {
  const planned = layout.tasks.map(({ block }, task) =>
    requests[task]!.map((r, item): PlannedItem => {
      const trees = itemTrees(r.sequences, TREE_LIMIT);
      const at = block.offset + item * block.width;
      const plain = { task, item, at, sequences: r.sequences.length, trees };
      return r.generate ? { ...plain, generate: r.generate } : plain;
    }),
  );
  const cost = planned.map((items) => items.map(itemCost));
  const { slices, items } = order ?? stratifiedOrder(cost);
  return {
    layout,
    tokenizer,
    slices: slices.map((slice) => slice.map(({ task, item }) => planned[task]![item]!)),
    items,
    tokens: cost.flat().reduce((a, b) => a + b, 0),
  };
}

const itemCost = ({ trees, generate }: PlannedItem): number =>
  trees.reduce((n, t) => n + t.tokens.length, 0) +
  (generate ? generate.prompt.length + generate.maxTokens : 0);
