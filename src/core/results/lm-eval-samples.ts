import { sha256 } from "../canonical";
import { applyFilters, isList } from "../scoring/apply-filters";
import type { ItemDetail } from "../scoring/item-outcome";
import { choiceColumns, filtersOf, widestOf } from "../scoring/item-scores";
import { chosenOf } from "../scoring/item-terms";
import type { ChoiceItem, GenerateItem, Item, ItemFacts, TaskSpec } from "../scoring/task";
import { float, floatRepr, pythonJson, pythonStr } from "./python-json";
import {
  floatsOf,
  type ReportedMetric,
  reportedMetrics,
  type ScoredTask,
  scoredItems,
  termsOf,
} from "./scored-task";

/** A samples file of lm-eval, and the hash under which its results file names it. */
export interface SamplesFile {
  readonly text: string;
  readonly taskHash: string;
}

/** Writes samples_TASK_DATE.jsonl as lm-eval 0.4.13 does: filter by filter, one scored item a line, in file order. */
export async function lmEvalSamples(task: ScoredTask, scores: Float32Array): Promise<SamplesFile> {
  const { spec } = task.layout;
  const metrics = reportedMetrics(spec);
  const lines: string[] = [];
  const hashes: string[] = [];
  const filters = [...new Set(metrics.map((m) => m.filter))];
  const scored = scoredItems(task, scores);
  const shared = await Promise.all(scored.map((i) => hashesOf(spec, task.items[i]!)));
  for (const filter of filters) {
    const columns = metrics
      .filter((m) => m.filter === filter)
      .map((metric) => ({ metric, terms: termsOf(task, metric, scores) }));
    for (const [n, i] of scored.entries()) {
      const { doc, target, arguments: args, hashes: own } = shared[n]!;
      const row = floatsOf(task, scores, i);
      const facts = task.layout.facts[i]!;
      const said = responses(task, i, row, facts, filter);
      const values = columns.flatMap(({ metric, terms }) => {
        const value = keptValue(metric, terms.numerator[i]!, row, facts, spec);
        return value === null ? [] : [[metric.name, value] as const];
      });
      lines.push(
        pythonJson({
          doc_id: i,
          doc,
          target: pythonStr(target),
          arguments: args,
          ...said,
          filter,
          metrics: values.map(([name]) => name),
          ...own,
          ...Object.fromEntries(values),
        }),
      );
      hashes.push(own.doc_hash + own.prompt_hash + own.target_hash);
    }
  }
  return { text: lines.map((line) => `${line}\n`).join(""), taskHash: await sha256(hashes.join("")) };
}

async function hashesOf(spec: TaskSpec, item: Item) {
  const doc = item.source?.doc ?? plainDoc(item);
  const target = item.source?.target ?? plainTarget(item);
  const requests = requestsOf(spec, item);
  const named = Object.fromEntries(
    requests.map((parts, r) => [
      `gen_args_${r}`,
      Object.fromEntries(parts.map((part, p) => [`arg_${p}`, part])),
    ]),
  );
  const [doc_hash, prompt_hash, target_hash] = await Promise.all([
    sha256(pythonJson(doc, 2)),
    sha256(String(requests[0]?.[0] ?? "")),
    sha256(pythonStr(target)),
  ]);
  return { doc, target, arguments: named, hashes: { doc_hash, prompt_hash, target_hash } };
}

/** Prepared items without a data file stand for themselves. */
function plainDoc(item: Item): Readonly<Record<string, unknown>> {
  const { source, ...doc } = item as Item & Readonly<Record<string, unknown>>;
  return doc;
}

function plainTarget(item: Item): unknown {
  if ("text" in item) return item.text;
  if ("continuation" in item) return item.continuation;
  if ("gold" in item) return item.gold;
  return item.targets ? (item.targets.length === 1 ? item.targets[0] : item.targets) : item.target;
}

/** What lm-eval's `arguments` hold: of each request the context and the continuation, or how a text is generated. */
function requestsOf(spec: TaskSpec, item: Item): unknown[][] {
  if ("text" in item) return [[item.text]];
  if ("continuation" in item) return [[item.context, item.continuation]];
  if ("choices" in item && "gold" in item) {
    const { context, contexts, choices } = item;
    const asked: unknown[][] = choices.map((choice, c) => [contexts?.[c] ?? context, choice]);
    if (spec.metrics?.some((use) => use.metric === "acc_mutual_info"))
      asked.push(...choices.map((choice) => ["", choice]));
    return asked;
  }
  const { context, until, maxGenToks } = item as GenerateItem;
  return [[context, generationOf(spec, until, maxGenToks)]];
}

function generationOf(spec: TaskSpec, until: readonly string[], maxGenToks: number): unknown {
  const stated = spec.origin?.config.generation_kwargs;
  if (typeof stated === "object" && stated !== null && Object.keys(stated).length > 0) return stated;
  const temperature = spec.generation?.temperature ?? 0;
  return {
    until,
    max_gen_toks: maxGenToks,
    do_sample: temperature > 0,
    temperature: float(temperature),
  };
}

/** `resps` and `filtered_resps`: every number as a text, as lm-eval's sanitize_list leaves them. */
function responses(task: ScoredTask, i: number, row: Float32Array, facts: ItemFacts, filter: string) {
  const { spec, block } = task.layout;
  const detail = task.details[i] ?? null;
  const item = task.items[i]!;
  switch (spec.outputType) {
    case "multiple_choice": {
      const { unconditional } = choiceColumns(spec, widestOf(spec, block.width));
      const n = (item as ChoiceItem).choices.length;
      const pairs = facts.tokens.slice(0, n).map((tokens, c) => pair(row[c]!, greedyAt(detail, c, tokens)));
      if (unconditional !== null)
        for (let c = 0; c < n; c++) pairs.push(pair(row[unconditional + c]!, greedyAt(detail, n + c, null)));
      return { resps: pairs.map((p) => [p]), filtered_resps: pairs };
    }
    case "loglikelihood": {
      const p = pair(row[0]!, row[1] === 1);
      return { resps: [[p]], filtered_resps: [p] };
    }
    case "loglikelihood_rolling": {
      const sum = floatRepr(row[0]!);
      return { resps: [[sum]], filtered_resps: [sum] };
    }
    case "generate_until": {
      const texts = detail?.texts ?? [];
      const steps = filtersOf(spec).find((f) => f.name === filter)?.steps ?? [];
      const answer = applyFilters(steps, texts, item as GenerateItem);
      const filtered = isList(answer) ? answer.map((a) => pythonStr(a)) : pythonStr(answer);
      return { resps: [texts], filtered_resps: [filtered] };
    }
  }
}

const pair = (sum: number, greedy: boolean | null): string[] => [
  floatRepr(sum),
  greedy === null ? "None" : greedy ? "True" : "False",
];

/** Whether greedy decoding gives all tokens of a sequence; null where nobody kept it. */
function greedyAt(detail: ItemDetail | null, sequence: number, tokens: number | null): boolean | null {
  const greedy = detail?.greedy[sequence];
  return greedy === undefined || tokens === null ? null : greedy === tokens;
}

/** An item's value as lm-eval keeps it for its aggregation: a number, or the pair that it aggregates. */
function keptValue(
  { use }: ReportedMetric,
  numerator: number,
  row: Float32Array,
  facts: ItemFacts,
  { outputType }: TaskSpec,
): unknown {
  switch (use.metric) {
    case "word_perplexity":
      return [float(row[0]!), facts.words ?? 0];
    case "byte_perplexity":
    case "bits_per_byte":
    case "byte_prob":
      return [float(row[0]!), facts.bytes[0] ?? 0];
    case "token_acc":
      return [row[1]!, facts.tokens[0] ?? 0];
    case "target_prob":
      return Number.isNaN(numerator) ? null : [float(numerator), facts.tokens[0] ?? 0];
    case "f1":
    case "mcc":
      return [facts.gold, chosenOf(row, facts)];
    case "brier_score":
      return [facts.gold, softmax(row.subarray(0, facts.tokens.length)).map(float)];
    case "acc":
      return outputType === "loglikelihood" ? row[1]! : float(numerator);
    case "exact_match":
      return outputType === "multiple_choice" ? numerator : float(numerator);
    default:
      return Number.isNaN(numerator) ? null : float(numerator);
  }
}

function softmax(row: Float32Array): number[] {
  const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const parts = [...row].map((x) => Math.exp(x - top));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((p) => p / sum);
}
