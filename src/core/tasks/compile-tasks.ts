import type { DataFile } from "../benchmarks/row";
import { sha256 } from "../canonical";
import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import type { Item, MetricId, MetricUse, OutputType, TaskGroup, TaskSpec } from "../scoring/task";
import { compileItems } from "./compile-items";
import { findSplits } from "./find-splits";
import { baseName, type Config, readConfig, readConfigFile, type YamlFile } from "./read-config";
import { groupsOf } from "./read-groups";
import { readTaskConfig, type TaskConfig } from "./task-config";

export interface CompileOptions {
  /** Overrides num_fewshot where a task does not state 0 (lm-eval's --num_fewshot). */
  readonly numFewshot?: number;
  /** Seed of the few-shot sampler; lm-eval's 1234 when absent. */
  readonly fewshotSeed?: number;
  /** Items a task; all when absent. */
  readonly limit?: number;
  /** Domain that the tasks count for. */
  readonly domain?: string;
}

export interface CompiledTask {
  readonly spec: TaskSpec;
  readonly items: readonly Item[];
  /** The items as the file that `spec.itemsFile` names. */
  readonly itemsText: string;
  /** What was left aside or differs from lm-eval. */
  readonly notes: readonly string[];
}

export interface CompiledTasks {
  readonly tasks: readonly CompiledTask[];
  readonly groups: readonly TaskGroup[];
}

const MAX_ITEMS = 200_000;

/**
 * lm-eval task files (0.4.13) with their data → tasks ready to be scored. Files that others include are no tasks of their own;
 * a group file needs the files of its tasks beside it.
 */
export async function compileTasks(
  files: readonly YamlFile[],
  data: readonly DataFile[],
  options: CompileOptions = {},
): Promise<Result<CompiledTasks>> {
  const included = new Set<string>();
  for (const file of files) {
    const own = readConfigFile(file);
    if (!own.ok) return own;
    for (const name of [own.value.include ?? []].flat()) included.add(baseName(String(name)));
  }
  const configs: { file: string; config: Config }[] = [];
  for (const file of files) {
    const config = readConfig(file, files);
    if (!config.ok) return config;
    const named = config.value.task !== undefined || config.value.group !== undefined;
    if (!named && included.has(baseName(file.name))) continue;
    configs.push({ file: file.name, config: config.value });
  }
  const isGroup = ({ config }: { config: Config }) =>
    typeof config.group === "string" && Array.isArray(config.task);
  const tasks: CompiledTask[] = [];
  const tags = new Map<string, string[]>();
  for (const { file, config } of configs.filter((c) => !isGroup(c))) {
    const task = await compileTask(config, file, data, options);
    if (!task.ok) return task;
    if (tasks.some((t) => t.spec.id === task.value.spec.id))
      return fail("bad-task", `two files define the task ${quote(task.value.spec.id)}.`, {
        file,
        remedy: "Leave one of them out.",
      });
    for (const tag of [config.tag ?? []].flat())
      tags.set(String(tag), [...(tags.get(String(tag)) ?? []), task.value.spec.id]);
    tasks.push(task.value);
  }
  const groups = groupsOf(
    configs.filter(isGroup),
    tasks.map((t) => t.spec.id),
    tags,
  );
  if (!groups.ok) return groups;
  if (tasks.length === 0)
    return fail("bad-task", "no file defines a task.", { remedy: "Drop in the YAML file of a task." });
  return ok({ tasks, groups: groups.value });
}

/** One task from its configuration, includes resolved. */
export async function compileTask(
  raw: Config,
  file: string,
  data: readonly DataFile[],
  options: CompileOptions = {},
): Promise<Result<CompiledTask>> {
  if (typeof raw.task !== "string" || raw.task === "")
    return fail("bad-task", '"task" is no name.', { file, remedy: "Give the task a name: task: my_task." });
  const config = readTaskConfig(raw, file, options.numFewshot);
  if (!config.ok) return config;
  const splits = findSplits(config.value, raw, data);
  if (!splits.ok) return splits;
  const compiled = compileItems(
    config.value,
    splits.value,
    Math.min(options.limit ?? MAX_ITEMS, MAX_ITEMS),
    options.fewshotSeed,
  );
  if (!compiled.ok) return compiled;
  const { items, notes } = compiled.value;
  const itemsText = JSON.stringify({ format: "demix-items", version: 2, task: raw.task, items });
  const spec = specOf(config.value, options.domain ?? "own", items.length, await sha256(itemsText));
  return ok({
    spec,
    items,
    itemsText,
    notes: [...config.value.notes, ...ownExamples(config.value), ...notes],
  });
}

/** lm-eval leaves a document out of its own examples only where fewshot_split names the split that is scored. */
function ownExamples({
  fewshot,
  num_fewshot,
  training_split,
  validation_split,
  test_split,
}: TaskConfig): string[] {
  if (num_fewshot === 0 || fewshot.split !== null || fewshot.samples !== null || test_split === null)
    return [];
  const from = training_split ?? validation_split ?? test_split;
  if (from !== test_split) return [];
  return [
    `The examples come from the split "${test_split}" that is scored, and an item may be its own example, as in lm-eval: name fewshot_split.`,
  ];
}

function specOf(config: TaskConfig, domain: string, items: number, itemsSha256: string): TaskSpec {
  const { output_type, metrics, filters, generating } = config;
  return {
    id: config.task,
    label: config.task_alias ?? config.task,
    domain,
    outputType: output_type,
    accuracyMetric: accuracyMetric(output_type, metrics),
    continuousMetric: CONTINUOUS[output_type],
    about: `${config.num_fewshot}-shot, from ${baseName(config.file)}.`,
    itemsFile: `items/${config.task.replace(/[^\w.-]+/g, "_")}.json`,
    itemsSha256,
    items,
    metrics,
    ...(filters && { filters }),
    ...(generating.settings && { generation: generating.settings }),
    origin: { task: config.task, version: config.version, nShot: config.num_fewshot, config: config.written },
    mode: "lm-eval",
  };
}

const CONTINUOUS: Readonly<Record<OutputType, MetricId>> = {
  multiple_choice: "gold_prob",
  loglikelihood: "target_prob",
  loglikelihood_rolling: "byte_prob",
  generate_until: "target_prob",
};

/** The metric that counts as accuracy: the normalised one where a choice task has it. */
function accuracyMetric(type: OutputType, uses: readonly MetricUse[]): MetricId {
  if (type === "loglikelihood_rolling") return "token_acc";
  if (type === "loglikelihood") return "acc";
  if (type === "generate_until") return "exact_match";
  const listed = uses
    .map((use) => use.metric)
    .filter((m) => m !== "f1" && m !== "mcc" && m !== "brier_score");
  return (["acc_norm", "acc"] as const).find((m) => listed.includes(m)) ?? listed[0] ?? "acc";
}
