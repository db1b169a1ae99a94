import type { ItemDetail } from "../scoring/item-outcome";
import { blockWidth, itemScores } from "../scoring/item-scores";
import type { GenerateItem, Item, ItemFacts, TaskGroup, TaskLayout, TaskSpec } from "../scoring/task";
import type { ScoredTask } from "./scored-task";

/** The text of a file that lm-eval 0.4.13 wrote (reference/lm_eval_results.py). */
export type ReadFile = (name: string) => string;

export interface Sample {
  readonly doc_id: number;
  readonly doc: Readonly<Record<string, string>>;
  readonly target: string;
  readonly arguments: Readonly<Record<string, { arg_0: string; arg_1: string }>>;
  readonly resps: readonly (readonly (string | readonly [string, string])[])[];
  readonly filter: string;
}

export const samplesOf = (task: string, read: ReadFile): Sample[] =>
  read(`samples_${task}.jsonl`)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Sample);

type Task = Pick<
  TaskSpec,
  "id" | "outputType" | "accuracyMetric" | "continuousMetric" | "metrics" | "filters"
>;

const NUMBER = "-?[0-9.,]";
const TASKS: readonly Task[] = [
  {
    id: "own_choice",
    outputType: "multiple_choice",
    accuracyMetric: "acc",
    continuousMetric: "gold_prob",
    metrics: [{ metric: "acc" }, { metric: "acc_norm" }],
  },
  {
    id: "own_words",
    outputType: "loglikelihood",
    accuracyMetric: "acc",
    continuousMetric: "perplexity",
    metrics: [{ metric: "perplexity" }, { metric: "acc" }],
  },
  {
    id: "own_write",
    outputType: "generate_until",
    accuracyMetric: "exact_match",
    continuousMetric: "exact_match",
    metrics: [{ metric: "exact_match", exactMatch: { ignoreCase: true } }],
    filters: [
      {
        name: "strict",
        steps: [
          { function: "regex", pattern: `^ ?(${NUMBER}+)`, groupSelect: 0, fallback: "[invalid]" },
          { function: "take_first" },
        ],
      },
      {
        name: "flexible",
        steps: [
          { function: "regex", pattern: `(${NUMBER}{1,})`, groupSelect: -1, fallback: "[invalid]" },
          { function: "take_first" },
        ],
      },
    ],
  },
  {
    id: "own_text",
    outputType: "loglikelihood_rolling",
    accuracyMetric: "bits_per_byte",
    continuousMetric: "bits_per_byte",
    metrics: [{ metric: "word_perplexity" }, { metric: "byte_perplexity" }, { metric: "bits_per_byte" }],
  },
];

export const GROUP: TaskGroup = {
  id: "own_both",
  label: "own_both",
  tasks: ["own_choice", "own_words"],
  aggregates: [{ metric: "acc", filters: ["none"], weightBySize: true }],
  version: "1.0",
};

/** The same tasks as the workbench holds them, with what lm-eval's model said of each item. */
export function ownTasks(read: ReadFile): { tasks: ScoredTask[]; scores: Float32Array } {
  const {
    configs,
    versions,
    "n-shot": shots,
  } = JSON.parse(read("results.json")) as {
    configs: Record<string, Readonly<Record<string, unknown>>>;
    versions: Record<string, number>;
    "n-shot": Record<string, number>;
  };
  const tasks: ScoredTask[] = [];
  const rows: number[] = [];
  for (const task of TASKS) {
    const all = samplesOf(task.id, read);
    const samples = all.filter((s) => s.filter === all[0]!.filter);
    const items = samples.map((s) => itemOf(task, s));
    const spec: TaskSpec = {
      ...task,
      label: task.id,
      domain: "own",
      about: "",
      itemsFile: "",
      itemsSha256: "",
      items: items.length,
      origin: {
        task: task.id,
        version: versions[task.id]!,
        nShot: shots[task.id]!,
        config: configs[task.id]!,
      },
    };
    const block = { task: task.id, items: items.length, width: blockWidth(spec, items), offset: rows.length };
    const layout: TaskLayout = { spec, block, facts: items.map(factsOf) };
    const details: ItemDetail[] = samples.map((s, item) => ({ task: tasks.length, item, ...said(s) }));
    for (const [i, s] of samples.entries()) {
      const sums = Float64Array.from(s.resps, ([r]) => (typeof r === "object" ? Number(r[0]) : Number(r)));
      const { greedy, texts } = details[i]!;
      const outcome = {
        sums: task.outputType === "generate_until" ? new Float64Array(0) : sums,
        greedy: Int32Array.from(greedy),
        texts,
      };
      rows.push(...itemScores(layout, i, items[i]!, outcome));
    }
    tasks.push({ layout, items, details, original: items.length });
  }
  return { tasks, scores: Float32Array.from(rows) };
}

function itemOf({ outputType }: Task, { doc, target, arguments: args }: Sample): Item {
  const requests = Object.values(args);
  const { arg_0: context, arg_1: continuation } = requests[0]!;
  const choice = outputType === "multiple_choice";
  const source = { doc, target: choice ? Number(target) : target };
  switch (outputType) {
    case "multiple_choice":
      return { context, choices: requests.map((r) => r.arg_1), gold: Number(target), source };
    case "loglikelihood":
      return { context, continuation, source };
    case "loglikelihood_rolling":
      return { text: context, source };
    case "generate_until": {
      const until = ["\n\n", "Q:"];
      return { context, target: "", targets: [target], until, maxGenToks: 24, source } satisfies GenerateItem;
    }
  }
}

/** One token a text is enough here: greedy flags count as all or none. */
function factsOf(item: Item): ItemFacts {
  const utf8 = (text: string) => new TextEncoder().encode(text).length;
  const texts =
    "text" in item
      ? [item.text]
      : "gold" in item
        ? item.choices.map((c) => c.slice(1))
        : "continuation" in item
          ? [item.continuation]
          : [];
  return {
    gold: "gold" in item ? (item.gold as number) : 0,
    bytes: texts.map(utf8),
    chars: texts.map((t) => [...t].length),
    tokens: texts.map(() => 1),
    ...("text" in item && { words: item.text.split(/\s+/).length }),
  };
}

function said({ resps }: Sample): Pick<ItemDetail, "greedy" | "texts"> {
  const first = resps.map(([r]) => r!);
  const pairs = first.filter((r) => typeof r === "object");
  return {
    greedy: pairs.length > 0 ? pairs.map(([, flag]) => (flag === "True" ? 1 : 0)) : [0],
    texts: pairs.length > 0 ? [] : (first as string[]),
  };
}
