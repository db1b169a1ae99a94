import type { Rotary } from "../core/decoder/decoder-model";
import type { PreparedTasks } from "../core/scoring/layout";
import type { GenerateRequest, ItemRequests } from "../core/scoring/requests";
import { type SharedPrefix, sharedHead, sharedPrefix } from "../core/scoring/shared-prefix";
import { type StratifiedOrder, stratifiedOrder } from "../core/scoring/stratified-order";
import type { Item, TaskSetLayout } from "../core/scoring/task";
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
  /** The same sequences behind a prefix that many items of the task share; items that share it have the same array. */
  readonly behind?: { readonly prefix: readonly number[]; readonly trees: readonly TokenTree[] };
  readonly generate?: GenerateRequest;
  /** Beginning of the prompt that many items of the task share; as above. */
  readonly promptPrefix?: readonly number[];
}

/** Everything about a task set that no α changes. */
export interface ScorePlan {
  readonly layout: TaskSetLayout;
  readonly tokenizer: TextTokenizer;
  readonly slices: readonly (readonly PlannedItem[])[];
  readonly items: number;
  /** Tokens of all trees and prompts: what one complete measurement computes, generated tokens and shared prefixes aside. */
  readonly tokens: number;
  /** The items that scores are made from, task after task. */
  readonly taskItems: readonly (readonly Item[])[];
}

/** Largest tree, in nodes; the choices of an item beyond it are split. */
const TREE_LIMIT = 1024;

export function planScoring(
  { layout, requests }: PreparedTasks,
  taskItems: readonly (readonly Item[])[],
  tokenizer: TextTokenizer,
  order?: StratifiedOrder,
  rotary: Rotary | null = null,
): ScorePlan {
  // Tokens of one text at other angles than those of another: neither trees nor prefixes may mix them.
  const ownAngles = rotary?.perLength ? (length: number) => rotary.key(length) : null;
  const planned = layout.tasks.map(({ block }, task) => {
    const all = requests[task]!;
    const scored = sharedPrefix(all.map(({ sequences }) => sharedHead(sequences)));
    const prompted = sharedPrefix(all.map(({ generate }) => generate?.prompt.slice(0, -1) ?? []));
    return all.map((r, item): PlannedItem => {
      const trees = itemTrees(r.sequences, TREE_LIMIT, 0, ownAngles ?? undefined);
      const plain = {
        task,
        item,
        at: block.offset + item * block.width,
        sequences: r.sequences.length,
        trees,
      };
      return {
        ...plain,
        ...(!ownAngles && scored?.shared[item] && { behind: treesBehind(scored, r) }),
        ...(r.generate && { generate: r.generate }),
        ...(!ownAngles && prompted?.shared[item] && { promptPrefix: prompted.tokens }),
      };
    });
  });
  const cost = planned.map((items) => items.map(itemCost));
  const { slices, items } = order ?? stratifiedOrder(cost);
  return {
    layout,
    tokenizer,
    slices: slices.map((slice) => slice.map(({ task, item }) => planned[task]![item]!)),
    items,
    tokens: cost.flat().reduce((a, b) => a + b, 0),
    taskItems,
  };
}

const apart = new WeakMap<ScorePlan, ScorePlan>();

/** The same plan with every item's sequences whole: for models whose angles depend on the sequence's length. */
export function withoutPrefixes(plan: ScorePlan): ScorePlan {
  const known = apart.get(plan);
  if (known) return known;
  const whole = ({ behind: _, promptPrefix: __, ...item }: PlannedItem): PlannedItem => item;
  const made = { ...plan, slices: plan.slices.map((slice) => slice.map(whole)) };
  apart.set(plan, made);
  return made;
}

function treesBehind({ tokens: prefix }: SharedPrefix, { sequences }: ItemRequests) {
  const start = prefix.length;
  const rests = sequences.map(({ tokens, from }) => ({ tokens: tokens.slice(start), from: from - start }));
  return { prefix, trees: itemTrees(rests, TREE_LIMIT, start) };
}

const itemCost = ({ trees, behind, generate, promptPrefix }: PlannedItem): number =>
  (behind?.trees ?? trees).reduce((n, t) => n + t.tokens.length, 0) +
  (generate ? generate.prompt.length - (promptPrefix?.length ?? 0) + generate.maxTokens : 0);
