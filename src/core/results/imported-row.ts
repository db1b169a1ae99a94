import { choiceColumns, textScores, widestOf } from "../scoring/item-scores";
import type { ChoiceItem, Item, TaskLayout, TaskSetLayout } from "../scoring/task";
import type { ImportedItem, ImportedScores, ImportedTask } from "./imported-scores";

/** A row of item scores from another tool's items. */
export interface ImportedRow {
  readonly scores: Float32Array;
  /** Items that have a score now, of each task in order. */
  readonly matched: readonly number[];
}

/**
 * Item scores for these tasks from imported items: items are the same where their prompts and continuations are, whatever
 * their numbers. What nobody said (greedy tokens of texts, log p of targets) is NaN.
 */
export function importedRow(
  layout: TaskSetLayout,
  items: readonly (readonly Item[])[],
  imported: ImportedScores,
): ImportedRow {
  const scores = new Float32Array(layout.floats).fill(Number.NaN);
  const matched = layout.tasks.map((task, t) => {
    const found = imported.tasks.find(
      ({ task: name }) => name === task.spec.id || name === task.spec.origin?.task,
    );
    return found?.items ? fillTask(scores, task, items[t]!, found) : 0;
  });
  return { scores, matched };
}

function fillTask(
  scores: Float32Array,
  task: TaskLayout,
  items: readonly Item[],
  { items: imported }: ImportedTask,
): number {
  const byRequests = new Map<string, Map<number, ImportedItem[]>>();
  for (const item of imported ?? []) {
    const key = keyOf(item.requests);
    const same = byRequests.get(key) ?? new Map<number, ImportedItem[]>();
    same.set(item.id, [...(same.get(item.id) ?? []), item]);
    byRequests.set(key, same);
  }
  let matched = 0;
  for (const [i, item] of items.entries()) {
    const same = byRequests.get(keyOf(requestsOf(task, item)));
    const [first] = same ?? [];
    if (!same || !first) continue;
    // Items that occur twice are taken one after the other.
    same.delete(first[0]);
    const { offset, width } = task.block;
    const row = scores.subarray(offset + i * width, offset + (i + 1) * width);
    fillItem(row, task, item, first[1]);
    if (!Number.isNaN(row[0]!)) matched++;
  }
  return matched;
}

const keyOf = (requests: ImportedItem["requests"]): string =>
  JSON.stringify(requests.map((r) => [r.context, r.continuation]));

function requestsOf({ spec }: TaskLayout, item: Item): ImportedItem["requests"] {
  if ("text" in item) return [{ context: item.text, continuation: null }];
  if ("continuation" in item) return [item];
  if (!("gold" in item)) return [{ context: item.context, continuation: null }];
  const { context, contexts, choices } = item;
  const asked = choices.map((continuation, c) => ({ context: contexts?.[c] ?? context, continuation }));
  const unconditional = spec.metrics?.some((use) => use.metric === "acc_mutual_info");
  return unconditional
    ? [...asked, ...choices.map((continuation) => ({ context: "", continuation }))]
    : asked;
}

function fillItem(
  row: Float32Array,
  { spec, block }: TaskLayout,
  item: Item,
  said: readonly ImportedItem[],
): void {
  const { sums, greedy } = said[0]!;
  const sum = (i: number): number => sums[i] ?? Number.NaN;
  switch (spec.outputType) {
    case "multiple_choice": {
      const { choices, gold } = item as ChoiceItem;
      const columns = choiceColumns(spec, widestOf(spec, block.width));
      for (let c = 0; c < choices.length; c++) {
        row[c] = sum(c);
        if (columns.unconditional !== null) row[columns.unconditional + c] = sum(choices.length + c);
      }
      const golds = typeof gold === "number" ? [gold] : gold;
      if (columns.greedy !== null) row[columns.greedy] = golds.some((g) => greedy[g] === true) ? 1 : 0;
      return;
    }
    case "loglikelihood":
      row[0] = sum(0);
      row[1] = greedy[0] === null ? Number.NaN : Number(greedy[0]);
      return;
    case "loglikelihood_rolling":
      row[0] = sum(0);
      return;
    case "generate_until":
      for (const [c, { filter, use }] of textScores(spec).entries()) {
        const under = said.find((i) => i.filter === filter) ?? (said.length === 1 ? said[0] : undefined);
        row[c] = under?.values[use.name ?? use.metric] ?? Number.NaN;
      }
  }
}
