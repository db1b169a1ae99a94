import type { ScoredSequence } from "./requests";

/**
 * Sequences that begin alike, with every shared prefix once: a forest of tokens. Node n sees its ancestors and itself,
 * and stands at the position of its depth, so a packed sequence gets the scores that it gets alone.
 */
export interface TokenTree {
  readonly tokens: readonly number[];
  /** Index of the node before, −1 at a root; parents come before their children. */
  readonly parents: readonly number[];
  readonly depths: readonly number[];
  /** What is asked: log p of `targets[k]` after node `sources[k]`, to be added to the sum of `slots[k]`. */
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  /** Index of the sequence (in the item) that the target belongs to. */
  readonly slots: readonly number[];
}

/**
 * Builds one tree of the sequences `first` … ; the last token of each is only predicted and never a node. `start` tokens stand
 * before all of them and are no part of the tree.
 */
export function tokenTree(sequences: readonly ScoredSequence[], first = 0, start = 0): TokenTree {
  const tree = {
    tokens: [] as number[],
    parents: [] as number[],
    depths: [] as number[],
    sources: [] as number[],
    targets: [] as number[],
    slots: [] as number[],
  };
  const children = new Map<string, number>();
  for (const [s, { tokens, from }] of sequences.entries()) {
    let node = -1;
    for (let i = 0; i + 1 < tokens.length; i++) {
      const key = `${node} ${tokens[i]}`;
      let next = children.get(key);
      if (next === undefined) {
        next = tree.tokens.length;
        children.set(key, next);
        tree.tokens.push(tokens[i]!);
        tree.parents.push(node);
        tree.depths.push(start + i);
      }
      node = next;
      if (i + 1 >= from) {
        tree.sources.push(node);
        tree.targets.push(tokens[i + 1]!);
        tree.slots.push(first + s);
      }
    }
  }
  return tree;
}

/**
 * The trees of an item: one where it stays below `limit` nodes, else as many as needed, at least a sequence each. Sequences whose
 * numbers of tokens read have different `key`s stand in different trees.
 */
export function itemTrees(
  sequences: readonly ScoredSequence[],
  limit: number,
  start = 0,
  key: (length: number) => number = () => 0,
): TokenTree[] {
  const keys = sequences.map(({ tokens }) => key(start + tokens.length - 1));
  const trees: TokenTree[] = [];
  let from = 0;
  while (from < sequences.length) {
    let to = from + 1;
    let tree = tokenTree(sequences.slice(from, to), from, start);
    while (to < sequences.length && keys[to] === keys[from]) {
      const larger = tokenTree(sequences.slice(from, to + 1), from, start);
      if (larger.tokens.length > limit) break;
      tree = larger;
      to++;
    }
    trees.push(tree);
    from = to;
  }
  return trees;
}
