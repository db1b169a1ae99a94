import { canonicalJson, sha256 } from "../canonical";
import { fail, ok, type Result } from "../result";
import { blockWidth } from "./item-scores";
import { countWords, pythonLength } from "./python-text";
import { type ItemRequests, itemRequests, requestOptions } from "./requests";
import type { Item, ItemFacts, TaskLayout, TaskSetLayout, TaskSetSpec, TaskSpec } from "./task";
import type { TextTokenizer } from "./tokenizer";

/** A task set ready to be scored: its layout, and the requests of every item, task after task. */
export interface PreparedTasks {
  readonly layout: TaskSetLayout;
  readonly requests: readonly (readonly ItemRequests[])[];
  /** What was cut to the model's length, one sentence a task. */
  readonly warnings: readonly string[];
}

/** Content address of a task set: of each task, in order, what its item scores depend on. */
export const taskSetHash = (set: TaskSetSpec): Promise<string> =>
  sha256(canonicalJson(set.tasks.map(addressed)));

/** Fields that version 1 lacks are left out where a task has none, so that its address stays what it was. */
function addressed({ id, outputType, itemsSha256, metrics, filters, generation, mode }: TaskSpec): object {
  const other = mode === "lm-eval" ? undefined : mode;
  const optional = Object.entries({ metrics, filters, generation, mode: other }).filter(
    ([, v]) => v !== undefined,
  );
  return { id, outputType, itemsSha256, ...Object.fromEntries(optional) };
}

/** Tokenises all items (`items[t]` are those of `set.tasks[t]`) and lays out the row of item scores. */
export async function prepareTasks(
  set: TaskSetSpec,
  items: readonly (readonly Item[])[],
  tokenizer: TextTokenizer,
  maxLength: number,
): Promise<Result<PreparedTasks>> {
  const requests = set.tasks.map((spec, t) =>
    items[t]!.map((item) => itemRequests(item, spec.outputType, tokenizer, maxLength, requestOptions(spec))),
  );
  const tasks: TaskLayout[] = [];
  let offset = 0;
  for (const [t, spec] of set.tasks.entries()) {
    const width = blockWidth(spec, items[t]!);
    const empty = requests[t]!.findIndex((r) => r.tokens.some((n) => n < 1));
    if (empty >= 0)
      return fail("bad-task", `item ${empty} has a text, choice or target without a token of its own.`, {
        file: spec.itemsFile,
        remedy: "Write the item so that its context and continuation do not share a token.",
      });
    const facts = items[t]!.map((item, i) => itemFacts(item, requests[t]![i]!.tokens, countsWords(spec)));
    tasks.push({ spec, block: { task: spec.id, items: items[t]!.length, width, offset }, facts });
    offset += items[t]!.length * width;
  }
  const hash = await taskSetHash(set);
  const plain = { hash, name: set.name, domains: set.domains, tasks, floats: offset };
  const layout = set.groups ? { ...plain, groups: set.groups } : plain;
  const warnings = set.tasks.flatMap((spec, t) => truncationWarning(spec, requests[t]!, maxLength));
  return ok({ layout, requests, warnings });
}

function truncationWarning(
  spec: TaskSpec,
  requests: readonly ItemRequests[],
  maxLength: number,
): readonly string[] {
  const cut = requests.filter((r) => r.truncated);
  if (cut.length === 0) return [];
  const scored = cut.filter((r) => r.truncated!.scored).length;
  const lost = `${cut.length} of ${requests.length} items of "${spec.label}" are longer than the model's ${maxLength} tokens and lose the first ones.`;
  const more = ` ${scored} of them lose tokens that should be scored: lm-eval stops with an error there.`;
  return [scored > 0 ? lost + more : lost];
}

const utf8 = new TextEncoder();

const countsWords = (spec: TaskSpec): boolean =>
  spec.metrics?.some((use) => use.metric === "word_perplexity") ?? false;

function itemFacts(item: Item, tokens: readonly number[], withWords: boolean): ItemFacts {
  if ("text" in item) {
    const { text, words = countWords(text), bytes = utf8.encode(text).length } = item;
    const facts = { gold: 0, bytes: [bytes], chars: [pythonLength(text)], tokens };
    return withWords ? { ...facts, words } : facts;
  }
  const texts =
    "continuation" in item
      ? [item.continuation]
      : "target" in item
        ? [withoutDelimiter(item.target)]
        : (item.plain ?? item.choices.map(withoutDelimiter));
  const facts = {
    bytes: texts.map((text) => utf8.encode(text).length),
    chars: texts.map(pythonLength),
    tokens,
  };
  if (!("gold" in item)) return { gold: 0, ...facts };
  const golds = typeof item.gold === "number" ? [item.gold] : item.gold;
  return golds.length > 1 ? { gold: golds[0]!, golds, ...facts } : { gold: golds[0] ?? -1, ...facts };
}

/** lm-eval puts one space between context and choice and does not count it in the choice's length. */
const withoutDelimiter = (text: string): string => (text.startsWith(" ") ? text.slice(1) : text);
