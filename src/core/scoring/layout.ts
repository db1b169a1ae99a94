import { canonicalJson, sha256 } from "../canonical";
import { fail, ok, type Result } from "../result";
import { type ItemRequests, itemRequests } from "./requests";
import type {
  ChoiceItem,
  GenerateItem,
  Item,
  ItemFacts,
  RollingItem,
  TaskLayout,
  TaskSetLayout,
  TaskSetSpec,
} from "./task";
import type { TextTokenizer } from "./tokenizer";

/** A task set ready to be scored: its layout, and the requests of every item, task after task. */
export interface PreparedTasks {
  readonly layout: TaskSetLayout;
  readonly requests: readonly (readonly ItemRequests[])[];
}

/** Content address of a task set: ids, output types and checksums of the items, in order. */
export const taskSetHash = (set: TaskSetSpec): Promise<string> =>
  sha256(
    canonicalJson(set.tasks.map(({ id, outputType, itemsSha256 }) => ({ id, outputType, itemsSha256 }))),
  );

/** Tokenises all items (`items[t]` are those of `set.tasks[t]`) and lays out the row of item scores. */
export async function prepareTasks(
  set: TaskSetSpec,
  items: readonly (readonly Item[])[],
  tokenizer: TextTokenizer,
  maxLength: number,
): Promise<Result<PreparedTasks>> {
  const requests = set.tasks.map((spec, t) =>
    items[t]!.map((item) => itemRequests(item, spec.outputType, tokenizer, maxLength)),
  );
  const tasks: TaskLayout[] = [];
  let offset = 0;
  for (const [t, spec] of set.tasks.entries()) {
    const width =
      spec.outputType === "multiple_choice"
        ? items[t]!.reduce((most, item) => Math.max(most, (item as ChoiceItem).choices.length), 0)
        : 2;
    const empty = requests[t]!.findIndex((r) => r.tokens.some((n) => n < 1));
    if (empty >= 0)
      return fail("bad-task", `item ${empty} has a text, choice or target without a token of its own.`, {
        file: spec.itemsFile,
        remedy: "Write the item so that its context and continuation do not share a token.",
      });
    const facts = items[t]!.map((item, i) => itemFacts(item, requests[t]![i]!.tokens));
    tasks.push({ spec, block: { task: spec.id, items: items[t]!.length, width, offset }, facts });
    offset += items[t]!.length * width;
  }
  const hash = await taskSetHash(set);
  return ok({ layout: { hash, name: set.name, domains: set.domains, tasks, floats: offset }, requests });
}

const utf8 = new TextEncoder();

function itemFacts(item: Item, tokens: readonly number[]): ItemFacts {
  const texts =
    "choices" in item
      ? (item as ChoiceItem).choices.map(withoutDelimiter)
      : "target" in item
        ? [withoutDelimiter((item as GenerateItem).target)]
        : [(item as RollingItem).text];
  return {
    gold: "gold" in item ? (item as ChoiceItem).gold : 0,
    bytes: texts.map((text) => utf8.encode(text).length),
    chars: texts.map((text) => [...text].length),
    tokens,
  };
}

/** lm-eval puts one space between context and choice and does not count it in the choice's length. */
const withoutDelimiter = (text: string): string => (text.startsWith(" ") ? text.slice(1) : text);
