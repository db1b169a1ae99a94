import { ANSWER_RULES } from "./answer-rules";
import { type Answer, applyFilters, isList, type Scalar } from "./apply-filters";
import { exactMatch } from "./exact-match";
import type { FilterPipeline } from "./filter-pipeline";
import type { ItemOutcome } from "./item-outcome";
import { passAtK } from "./pass-at-k";
import { pythonStrip } from "./python-text";
import type { CodeVerdict } from "./run-code";
import type { ChoiceItem, GenerateItem, Item, MetricUse, TaskLayout, TaskSpec } from "./task";

/** One value on the generated texts: a metric under a filter. */
export interface TextScore {
  readonly filter: string;
  readonly use: MetricUse;
}

const NO_FILTER: readonly FilterPipeline[] = [{ name: "none", steps: [{ function: "take_first" }] }];
const ON_TEXT: ReadonlySet<string> = new Set(["exact_match", "pass@1", "pass@k"]);

/** lm-eval's default is the first text, under the name "none". */
export const filtersOf = (spec: TaskSpec): readonly FilterPipeline[] => spec.filters ?? NO_FILTER;

/** All metrics that a task reports. */
export const metricsOf = (spec: TaskSpec): readonly MetricUse[] =>
  spec.metrics ?? [...new Set([spec.accuracyMetric, spec.continuousMetric])].map((metric) => ({ metric }));

/** The values on generated texts, in the order in which they stand in the row: filter by filter. */
export function textScores(spec: TaskSpec): TextScore[] {
  if (spec.outputType !== "generate_until") return [];
  const uses = metricsOf(spec).filter((use) => ON_TEXT.has(use.metric));
  const scores = filtersOf(spec).flatMap(({ name }) => uses.map((use) => ({ filter: name, use })));
  return scores.length > 0 ? scores : [{ filter: "none", use: { metric: "exact_match" } }];
}

const has = (spec: TaskSpec, metric: string) => spec.metrics?.some((use) => use.metric === metric) ?? false;

/** Where the parts of a choice item stand in its floats. */
export function choiceColumns(spec: TaskSpec, widest: number) {
  const unconditional = has(spec, "acc_mutual_info") ? widest : null;
  const greedy = has(spec, "exact_match") ? widest + (unconditional ?? 0) : null;
  return { unconditional, greedy, width: widest + (unconditional ?? 0) + (greedy === null ? 0 : 1) };
}

/** Floats an item of the task (see ScoreBlock). */
export function blockWidth(spec: TaskSpec, items: readonly Item[]): number {
  switch (spec.outputType) {
    case "multiple_choice": {
      const widest = items.reduce((most, item) => Math.max(most, (item as ChoiceItem).choices.length), 0);
      return choiceColumns(spec, widest).width;
    }
    case "generate_until":
      return textScores(spec).length + 1;
    default:
      return 2;
  }
}

/** Most choices of an item, from the block's width. */
export function widestOf(spec: TaskSpec, width: number): number {
  const choices = width - (has(spec, "exact_match") ? 1 : 0);
  return has(spec, "acc_mutual_info") ? choices / 2 : choices;
}

/**
 * The item's floats in the row (`task.block.width`), from what the model said of it. A task whose answers are run needs
 * `verdicts`, one for each of `codePrograms`; without them those values are NaN.
 */
export function itemScores(
  task: TaskLayout,
  index: number,
  item: Item,
  outcome: ItemOutcome,
  verdicts?: readonly CodeVerdict[],
): Float32Array {
  const { spec, block } = task;
  const row = new Float32Array(block.width).fill(Number.NaN);
  const { sums, greedy } = outcome;
  const { tokens } = task.facts[index]!;
  switch (spec.outputType) {
    case "multiple_choice": {
      const { unconditional, greedy: column } = choiceColumns(spec, widestOf(spec, block.width));
      row.set(sums.subarray(0, tokens.length));
      if (unconditional !== null) row.set(sums.subarray(tokens.length), unconditional);
      const { gold } = item as ChoiceItem;
      const golds = typeof gold === "number" ? [gold] : gold;
      if (column !== null) row[column] = golds.some((g) => greedy[g] === tokens[g]) ? 1 : 0;
      break;
    }
    case "loglikelihood":
      row[0] = sums[0]!;
      row[1] = greedy[0] === tokens[0] ? 1 : 0;
      break;
    case "loglikelihood_rolling":
      row[0] = sums.reduce((a, b) => a + b, 0);
      row[1] = greedy.reduce((a, b) => a + b, 0);
      break;
    case "generate_until":
      row.set(textValues(spec, item as GenerateItem, outcome.texts, verdicts));
      row[block.width - 1] = sums[0] ?? Number.NaN;
  }
  return row;
}

/** The programs that a code item's answers make, filter by filter; none for other items. */
export function codePrograms(spec: TaskSpec, item: Item, texts: readonly string[]): string[] {
  if (!("code" in item) || item.code === undefined) return [];
  const { prefix, suffix } = item.code;
  return filtersOf(spec).flatMap((pipeline) =>
    answersOf(applyFilters(pipeline.steps, texts, item)).map((a) => prefix + String(a ?? "") + suffix),
  );
}

const answersOf = (answer: Answer): readonly Scalar[] => (isList(answer) ? answer : [answer]);

function textValues(
  spec: TaskSpec,
  item: GenerateItem,
  texts: readonly string[],
  verdicts: readonly CodeVerdict[] | undefined,
): number[] {
  const answers = new Map(filtersOf(spec).map(({ name, steps }) => [name, applyFilters(steps, texts, item)]));
  const passed = new Map<string, readonly boolean[]>();
  let next = 0;
  for (const [name, answer] of answers) {
    const n = answersOf(answer).length;
    if (verdicts)
      passed.set(
        name,
        verdicts.slice(next, next + n).map((v) => v.kind === "passed"),
      );
    next += n;
  }
  return textScores(spec).map(({ filter, use }) => {
    if (use.metric === "exact_match") return matched(item, answers.get(filter) ?? null, use);
    const runs = passed.get(filter);
    if (!runs) return Number.NaN;
    return passAtK(runs.length, runs.filter(Boolean).length, use.metric === "pass@1" ? 1 : (use.k ?? 1));
  });
}

function matched(item: GenerateItem, answer: Answer, { exactMatch: options = {}, rule }: MetricUse): number {
  const text = answersOf(answer)[0] ?? "";
  if (rule !== undefined) return ANSWER_RULES[rule]!(String(text), item);
  if (item.targets) return exactMatch(answer, item.targets, options);
  return pythonStrip(String(text)) === pythonStrip(item.target) ? 1 : 0;
}
