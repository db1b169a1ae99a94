import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { type MergeConfig, mergeInputs } from "../../core/merge/config/merge-config";
import { modelName } from "../../core/merge/config/model-reference";
import { parseMergeConfig } from "../../core/merge/config/parse-merge-config";
import { findMethod } from "../../core/merge/registry";
import { ok, type Result } from "../../core/result";
import { maxLengthOf, sayMetrics, scoredTasks, writeLmEvalFiles } from "./measured-tasks";
import type { ReadTasks } from "./read-tasks";
import { type MergeOptions, replayMerge } from "./replay-merge";
import { sayProgress } from "./say";
import { type ScoreModelOptions, scoreModel } from "./score-model";

export interface ReplayTasksOptions extends ScoreModelOptions, Omit<MergeOptions, "out" | "onProgress"> {
  /** Folder of results and samples; null prints alone. */
  readonly out: string | null;
  /** Folder that a merged model is written to; a temporary one where it is null. */
  readonly merged: string | null;
  readonly limit: number | null;
}

export interface ReplayedTasks {
  /** Results and samples files. */
  readonly files: readonly string[];
  readonly scores: Float32Array;
}

/**
 * Scores what a mergekit configuration gives on tasks, and writes lm-eval's files: a single model as it is, several after
 * they are merged. `file` is the YAML's path.
 */
export async function replayTasks(
  yaml: string,
  file: string,
  tasks: ReadTasks,
  options: ReplayTasksOptions,
): Promise<Result<ReplayedTasks>> {
  const config = parseMergeConfig(yaml, file);
  if (!config.ok) return config;
  const single = singleModel(config.value);
  if (single !== null && options.merged === null) {
    const folder = isAbsolute(single) ? single : join(dirname(file), single);
    return scoreFolder(folder, single, tasks, options, { model: single });
  }
  const temporary = options.merged === null ? await mkdtemp(join(tmpdir(), "demix-merged-")) : null;
  const folder = options.merged ?? join(temporary!, "model");
  try {
    const merged = await replayMerge(yaml, file, {
      ...options,
      out: folder,
      onProgress: sayProgress("merging"),
    });
    if (!merged.ok) return merged;
    for (const note of merged.value.notes) console.error(`Note: ${note}`);
    const name = basename(file).replace(/\.ya?ml$/i, "");
    return await scoreFolder(folder, name, tasks, options, { merge: yaml, method: merged.value.method });
  } finally {
    if (temporary) await rm(temporary, { recursive: true, force: true });
  }
}

/** The path of the one model that the merge leaves as it is; null where it changes or joins something. */
export function singleModel(config: MergeConfig): string | null {
  const method = findMethod(config.method);
  if (!method.ok) return null;
  const inputs = mergeInputs(config, method.value);
  const [only, ...others] = inputs.components;
  if (!only || others.length > 0 || only.model.lora !== null || config.method !== "linear") return null;
  if ([config.dtype, config.outDtype].some((type) => type !== null && type !== "float32")) return null;
  const weight = only.parameters.weight ?? config.parameters.weight;
  const normalised = config.parameters.normalize ?? 1;
  return weight === 1 || (normalised === 1 && typeof weight === "number" && weight > 0)
    ? modelName(only.model)
    : null;
}

async function scoreFolder(
  folder: string,
  name: string,
  { bundle, originals, notes }: ReadTasks,
  options: ReplayTasksOptions,
  origin: Readonly<Record<string, unknown>>,
): Promise<Result<ReplayedTasks>> {
  for (const note of notes) console.error(`Note: ${note}`);
  const startedAt = Date.now();
  const scored = await scoreModel(folder, name, bundle, options);
  if (!scored.ok) return scored;
  const { opened, layout, measured, details } = scored.value;
  const { set, backend } = opened;
  const { scores, seconds, tokens, done, warnings = [] } = measured;
  for (const warning of warnings) console.error(`Note: ${warning}`);
  console.log(
    `${name} (${(set.parameters / 1e6).toFixed(1)} million parameters): ${done} items, ${tokens} tokens in ${seconds.toFixed(1)} s, ${backend.kind}, ${backend.threads} threads`,
  );
  const measuredTasks = scoredTasks(layout, bundle, details, originals);
  sayMetrics(measuredTasks, scores);
  if (options.out === null) return ok({ files: [], scores });
  const files = await writeLmEvalFiles(options.out, {
    tasks: measuredTasks,
    groups: layout.groups ?? [],
    scores,
    model: name,
    parameters: set.parameters,
    maxLength: maxLengthOf(set.config),
    startedAt,
    seconds,
    limit: options.limit,
    versions: backend.versions,
    workbench: { ...origin, tasks: layout.hash, backend: backend.kind },
  });
  for (const path of files) console.log(`Written: ${path}`);
  return ok({ files, scores });
}
