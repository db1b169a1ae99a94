import type { Row } from "../benchmarks/row";
import { quote } from "../checkpoint/quote";
import { fail, ok, type Problem, type Result } from "../result";
import type { Item, ItemSource } from "../scoring/task";
import { joined } from "./build-prompt";
import { DocFields } from "./doc-fields";
import { FewShotSampler } from "./few-shot-sampler";
import type { Splits } from "./find-splits";
import { valueText } from "./strict-interpreter";
import type { TaskConfig } from "./task-config";
import { type Doc, TaskPrompts } from "./task-prompts";

export interface CompiledItems {
  readonly items: readonly Item[];
  readonly notes: readonly string[];
}

/** A task's documents → items, in order; the first `limit` of them (lm-eval's --limit). */
export function compileItems(
  config: TaskConfig,
  { evaluated, examples }: Splits,
  limit: number,
  seed?: number,
): Result<CompiledItems> {
  const docs = evaluated.slice(0, limit);
  const fields = new DocFields(
    new Set(Object.keys(docs[0] ?? {})),
    config.doc_to_choice !== null,
    config.file,
  );
  const first = fields.text(docs[0]!, config.doc_to_text);
  if (!first.ok) return at(first, 0, config.file);
  const multipleInput = config.doc_to_choice !== null && typeof first.value === "number";
  const sampler = examples ? new FewShotSampler(examples, config.fewshot.sampler, seed) : null;
  const prompts = new TaskPrompts(config, fields, sampler, multipleInput);
  const items: Item[] = [];
  let severalTargets = false;
  let unknownGold = 0;
  let empty = 0;
  for (const [i, row] of docs.entries()) {
    const doc = prompts.doc(row);
    if (!doc.ok) return at(doc, i, config.file);
    if (i === 0) severalTargets = Array.isArray(doc.value.target);
    const contexts = prompts.contexts(row, doc.value);
    if (!contexts.ok) return at(contexts, i, config.file);
    const prefix = fields.prefix(row, config.gen_prefix);
    if (!prefix.ok) return at(prefix, i, config.file);
    const made = makeItem({
      config,
      row,
      doc: doc.value,
      contexts: contexts.value,
      multipleInput,
      severalTargets,
      prefix: prefix.value,
    });
    if (!made.ok) return at(made, i, config.file);
    if (made.value === null) {
      empty++;
      continue;
    }
    if ("gold" in made.value && Array.isArray(made.value.gold) && made.value.gold.length === 0) unknownGold++;
    items.push(made.value);
  }
  const notes = [
    ...(unknownGold > 0
      ? [
          `${unknownGold} of ${docs.length} items have no right choice among their choices and count as wrong, as in lm-eval.`,
        ]
      : []),
    ...(empty > 0 ? [`${empty} empty texts are left out; lm-eval counts each as one word.`] : []),
  ];
  if (items.length === 0)
    return fail("bad-task", "no item has a text.", { file: config.file, remedy: "Correct doc_to_target." });
  return ok({ items, notes });
}

const at = (failed: { readonly problem: Problem }, row: number, file: string): Result<never> => ({
  ok: false,
  problem: { ...failed.problem, file, message: `row ${row + 1}: ${failed.problem.message}` },
});

interface Parts {
  readonly config: TaskConfig;
  readonly row: Row;
  readonly doc: Doc;
  readonly contexts: readonly string[];
  readonly multipleInput: boolean;
  readonly severalTargets: boolean;
  readonly prefix: string | null;
}

/** null: a rolling text that is empty. */
function makeItem(parts: Parts): Result<Item | null> {
  const { config, row, doc, contexts } = parts;
  const source: ItemSource = { doc: row, target: doc.target as ItemSource["target"] };
  const [context] = contexts as [string];
  switch (config.output_type) {
    case "loglikelihood_rolling":
      if (typeof doc.target !== "string") return noText(doc.target, config);
      return ok(doc.target === "" ? null : { text: doc.target, source });
    case "loglikelihood":
      if (typeof doc.target !== "string" || doc.target === "") return noText(doc.target, config);
      return ok({ context, continuation: doc.target, source });
    case "multiple_choice":
      return choiceItem(parts, source);
    case "generate_until": {
      const targets = generationTargets(parts);
      if (!targets.ok) return targets;
      const { until, maxGenToks } = config.generating;
      const answer = targets.value[0] ?? "";
      const continued = joined(parts.prefix, answer, " ").slice((parts.prefix ?? "").length);
      const target = answer === "" ? "" : parts.prefix ? continued : config.target_delimiter + answer;
      const choices = Array.isArray(row.choices) && row.choices.every((c) => typeof c === "string");
      return ok({
        context,
        target,
        targets: targets.value,
        until,
        maxGenToks,
        ...(choices && { choices: row.choices as string[] }),
        source,
      });
    }
  }
}

const noText = (value: unknown, { file }: TaskConfig): Result<never> =>
  fail(
    "bad-task",
    `doc_to_target gives ${quote(JSON.stringify(value) ?? "nothing")}, which is no text to score.`,
    {
      file,
      remedy: "Name a field that holds text.",
    },
  );

function choiceItem({ config, doc, contexts, multipleInput }: Parts, source: ItemSource): Result<Item> {
  const plain = doc.choices!;
  const golds = goldIndexes(multipleInput ? doc.text : doc.target, plain);
  const gold = golds.length === 1 ? golds[0]! : golds;
  if (!multipleInput) {
    const choices = plain.map((choice) => config.target_delimiter + choice);
    return ok({ context: contexts[0]!, choices, gold, plain, source });
  }
  const continuation = config.target_delimiter + valueText(doc.target);
  return ok({ context: "", contexts, choices: plain.map(() => continuation), gold, plain, source });
}

/** Right choices; none where what is given is no choice. */
function goldIndexes(given: unknown, choices: readonly string[]): readonly number[] {
  const inside = (i: unknown): i is number => typeof i === "number" && i >= 0 && i < choices.length;
  if (Array.isArray(given)) return given.filter(inside);
  const index =
    typeof given === "boolean" ? Number(given) : typeof given === "string" ? choices.indexOf(given) : given;
  return inside(index) ? [index] : [];
}

function generationTargets({ config, doc, severalTargets }: Parts): Result<readonly string[]> {
  if (doc.choices) {
    const index = typeof doc.target === "boolean" ? Number(doc.target) : doc.target;
    const chosen = typeof index === "number" ? doc.choices.at(index) : undefined;
    if (chosen !== undefined) return ok([chosen]);
    return fail(
      "bad-task",
      `doc_to_target gives ${quote(JSON.stringify(doc.target))}, which is no choice's number.`,
      {
        file: config.file,
        remedy: "Give the number of a choice, from 0, or leave doc_to_choice out.",
      },
    );
  }
  if (severalTargets) return ok((Array.isArray(doc.target) ? doc.target : [doc.target]).map(valueText));
  return ok([valueText(doc.target)]);
}
