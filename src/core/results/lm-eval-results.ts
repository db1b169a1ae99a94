import { metricsOf } from "../scoring/item-scores";
import { BOOTSTRAP_ITERATIONS } from "../scoring/lm-eval-stderr";
import type { TaskGroup } from "../scoring/task";
import { groupMetrics } from "./group-metrics";
import { lmEvalSamples, type SamplesFile } from "./lm-eval-samples";
import { float, pythonJson, pythonStr } from "./python-json";
import { type ScoredTask, scoredItems } from "./scored-task";
import { taskMetrics } from "./task-metrics";

/** What was measured, and how. */
export interface LmEvalRun {
  readonly tasks: readonly ScoredTask[];
  readonly groups: readonly TaskGroup[];
  readonly scores: Float32Array;
  /** The model as results files name it: a folder, a repository, a mixture's name. */
  readonly model: string;
  readonly parameters: number;
  /** Longest input, in tokens; null where the model's config does not say. */
  readonly maxLength: number | null;
  /** Milliseconds since 1970 at the start; seconds that it took. */
  readonly startedAt: number;
  readonly seconds: number;
  /** Items a task at most; null: all. */
  readonly limit: number | null;
  readonly versions: Readonly<Record<string, string>>;
  /** What the workbench knows besides, under the key "workbench". */
  readonly workbench: Readonly<Record<string, unknown>>;
}

export interface NamedFile {
  readonly path: string;
  readonly text: string;
}

/** lm-eval's name of a model's folder. */
export const sanitizedName = (model: string): string => model.replace(/["<>:/|\\?*[\]]+/g, "__");

/** The date as it stands in file names: ISO without zone (UTC here), with "-" for ":". */
export const fileDate = (at: number): string =>
  new Date(at).toISOString().replace("Z", "000").replaceAll(":", "-");

/**
 * results_DATE.json and samples_TASK_DATE.jsonl in the model's folder, with the fields that lm-eval 0.4.13 writes. Unlike
 * lm-eval's, continuous scores stand beside the metrics that a task asks for, and "workbench" says what was merged.
 */
export async function lmEvalFiles(run: LmEvalRun): Promise<NamedFile[]> {
  const folder = sanitizedName(run.model);
  const date = fileDate(run.startedAt + 1000 * run.seconds);
  const samples = new Map<string, SamplesFile>();
  for (const task of run.tasks) samples.set(task.layout.spec.id, await lmEvalSamples(task, run.scores));
  const hashes = Object.fromEntries([...samples].map(([id, file]) => [id, file.taskHash]));
  return [
    { path: `${folder}/results_${date}.json`, text: pythonJson(resultsOf(run, hashes), 2) },
    ...[...samples].map(([id, { text }]) => ({
      path: `${folder}/samples_${sanitizedName(id)}_${date}.jsonl`,
      text,
    })),
  ];
}

function resultsOf(run: LmEvalRun, hashes: Readonly<Record<string, string>>): object {
  const { tasks, groups, scores, model } = run;
  const measured = tasks.map((task) => ({
    id: task.layout.spec.id,
    n: scoredItems(task, scores).length,
    values: taskMetrics(task, scores),
  }));
  const better = measured.map(
    ({ id, values }) => [id, Object.fromEntries(values.map((v) => [v.name, v.higherIsBetter]))] as const,
  );
  const aggregated = groups.map((group) => {
    const values = groupMetrics(group, measured);
    const members = measured.filter((t) => group.tasks.includes(t.id));
    const entry = {
      alias: group.label,
      name: group.id,
      ...(values.length > 0 && { sample_len: members.reduce((sum, t) => sum + t.n, 0) }),
      ...Object.fromEntries(values.flatMap((v) => columns(v.key, v.value, v.stderr))),
      ...(values.length > 0 && { sample_count: Object.fromEntries(values.map((v) => [v.key, v.count])) }),
    };
    return { group, entry, aggregates: values.length > 0 };
  });
  const whole = aggregated.filter((g) => g.aggregates).map(({ group, entry }) => [group.id, entry] as const);
  const shots = tasks.map(({ layout: { spec } }) => [spec.id, spec.origin?.nShot ?? 0] as const);
  return {
    results: Object.fromEntries([
      ...measured.map(({ id, n, values }, t) => [
        id,
        {
          name: id,
          alias: aliasOf(tasks[t]!),
          sample_len: n,
          ...Object.fromEntries(values.flatMap((v) => columns(`${v.name},${v.filter}`, v.value, v.stderr))),
        },
      ]),
      ...aggregated.map(({ group, entry }) => [group.id, entry]),
    ]),
    ...(whole.length > 0 && { groups: Object.fromEntries(whole) }),
    group_subtasks: Object.fromEntries(groups.map((g) => [g.id, g.tasks])),
    configs: Object.fromEntries(
      tasks.map((task) => [task.layout.spec.id, configOf(task)] as const).sort(byKey),
    ),
    versions: Object.fromEntries(
      [
        ...tasks.map(({ layout: { spec } }) => [spec.id, versionOf(spec.origin?.version ?? "N/A")] as const),
        ...groups.map((g) => [g.id, pythonStr(versionOf(g.version ?? "N/A"))] as const),
      ].sort(byKey),
    ),
    "n-shot": Object.fromEntries([...shots, ...groups.flatMap((g) => groupShots(g, shots))].sort(byKey)),
    higher_is_better: Object.fromEntries(
      [...better, ...groups.map((g) => groupBetter(g, better))].sort(byKey),
    ),
    "n-samples": Object.fromEntries(
      measured.map(({ id, n }, t) => [id, { original: tasks[t]!.original, effective: n }]),
    ),
    config: {
      model: "demix-workbench",
      model_args: { pretrained: model, dtype: "float32" },
      model_num_parameters: run.parameters,
      model_dtype: "float32",
      model_revision: "main",
      model_sha: "",
      batch_size: "auto",
      batch_sizes: [],
      device: "cpu",
      use_cache: null,
      limit: run.limit,
      bootstrap_iters: BOOTSTRAP_ITERATIONS,
      gen_kwargs: {},
      random_seed: 0,
      numpy_seed: 1234,
      torch_seed: 1234,
      fewshot_seed: 1234,
    },
    git_hash: null,
    date: float(run.startedAt / 1000),
    pretty_env_info: Object.entries(run.versions)
      .map(([name, version]) => `${name}: ${version}`)
      .join("\n"),
    transformers_version: "N/A",
    lm_eval_version: "0.4.13",
    upper_git_hash: null,
    max_length: run.maxLength,
    task_hashes: hashes,
    model_source: "demix-workbench",
    model_name: model,
    model_name_sanitized: sanitizedName(model),
    system_instruction: null,
    system_instruction_sha: null,
    fewshot_as_multiturn: null,
    chat_template: null,
    chat_template_sha: null,
    total_evaluation_time_seconds: String(run.seconds),
    workbench: run.workbench,
  };
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

function columns(key: string, value: number, stderr: number | null): [string, unknown][] {
  const comma = key.indexOf(",");
  const stderrKey = `${key.slice(0, comma)}_stderr${key.slice(comma)}`;
  return [
    [key, float(value)],
    [stderrKey, stderr === null ? "N/A" : float(stderr)],
  ];
}

/** Versions are floats there: nearly every YAML writes 1.0, which is told from 1 no more. */
const versionOf = (version: string | number): unknown =>
  typeof version === "number" ? float(version) : version;

function aliasOf({ layout: { spec } }: ScoredTask): string {
  const alias = spec.origin?.config.task_alias;
  return typeof alias === "string" ? alias : spec.id;
}

function configOf({ layout: { spec } }: ScoredTask): object {
  if (spec.origin) return spec.origin.config;
  return {
    task: spec.id,
    output_type: spec.outputType,
    num_fewshot: 0,
    metric_list: metricsOf(spec).map(({ metric, name }) => ({ metric: name ?? metric })),
    metadata: { items_sha256: spec.itemsSha256, about: spec.about },
  };
}

/** A group has the number of shots that all its tasks share. */
function groupShots(group: TaskGroup, shots: readonly (readonly [string, number])[]): [string, number][] {
  const values = new Set(shots.filter(([id]) => group.tasks.includes(id)).map(([, n]) => n));
  return values.size === 1 ? [[group.id, [...values][0]!]] : [];
}

function groupBetter(
  group: TaskGroup,
  better: readonly (readonly [string, Readonly<Record<string, boolean>>])[],
): readonly [string, Readonly<Record<string, boolean | null>>] {
  const merged: Record<string, boolean | null> = {};
  for (const [id, metrics] of better) {
    if (!group.tasks.includes(id)) continue;
    for (const [name, higher] of Object.entries(metrics))
      merged[name] = name in merged && merged[name] !== higher ? null : higher;
  }
  return [group.id, merged];
}
