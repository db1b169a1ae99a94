import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { sha256 } from "../../core/canonical";
import { parseSetSpec } from "../../core/checkpoint/set-spec";
import { compareScores, type ScoreComparison } from "../../core/recipe/compare-scores";
import { alphaForSet } from "../../core/recipe/parse-recipe";
import { buildRecipe, type Recipe, recipeTable, recipeText } from "../../core/recipe/recipe";
import { fail, ok, type Result } from "../../core/result";
import { measurementAddress, measurementKey } from "../../core/scoring/address";
import type { Measurement, Subject } from "../../core/scoring/measurement";
import { formatMetric, metricEstimate } from "../../core/scoring/metrics";
import { scoreTable } from "../../core/scoring/score-table";
import type { OpenedSet, WriteOutcome } from "../../protocol/engine-protocol";
import type { TaskBundle } from "../../protocol/task-protocol";
import { loadTasks } from "../../runtime/load-tasks";
import type { CodeRunner } from "../code-runner";
import { type ScoredSet, scoredSet } from "../scored-set";
import { createInProcessEngine, type InProcessEngine } from "./in-process-engine";
import { maxLengthOf, scoredTasks, writeLmEvalFiles } from "./measured-tasks";
import { nodePlatform } from "./node-platform";
import { overlayPlatform } from "./overlay-platform";
import type { ReadTasks } from "./read-tasks";
import { sayProgress, sayWritten } from "./say";
import { sayItems } from "./score-model";

export interface RecipeOptions {
  /** Folder of the component set. */
  readonly set: string;
  readonly out?: string | undefined;
  readonly merged?: string | undefined;
  readonly mergekit: boolean;
  readonly shardBytes: number;
  readonly threads?: number | undefined;
  /** Layer by layer, whatever the size. */
  readonly streamed?: boolean;
  /** Items a task at most, for results files; null: all. */
  readonly limit?: number | null;
  /** Starts Python for tasks that run code. */
  readonly openRunner?: () => Promise<CodeRunner>;
}

const signal = new AbortController().signal;

/**
 * Merges, measures and prints one task set: a demix-tasks file in the set's place for it, tasks that were read, or the set's
 * own where `tasks` is null; gives the comparison with the recipe.
 */
export async function replayRecipe(
  recipe: Recipe,
  options: RecipeOptions,
  tasks: string | ReadTasks | null,
): Promise<Result<ScoreComparison[]>> {
  const setDir = resolve(options.set);
  const specText = await readFile(join(setDir, "demix-set.json"), "utf8").catch(() => null);
  if (specText === null)
    return fail("bad-file", "cannot be read.", {
      file: join(options.set, "demix-set.json"),
      remedy: "Check the folder of the set.",
    });
  const spec = parseSetSpec(specText, join(options.set, "demix-set.json"));
  if (!spec.ok) return spec;
  const tasksName = spec.value.tasks ?? "tasks.json";
  const platform =
    typeof tasks === "string" ? overlayPlatform(setDir, tasksName, resolve(tasks)) : nodePlatform();
  const engine = createInProcessEngine(platform, options.openRunner ?? null);
  try {
    const { threads, streamed } = options;
    const started = await engine.start(signal, {
      backend: "wasm-threads",
      ...(threads && { threads }),
      ...(streamed && { execution: "streamed" }),
    });
    if (!started.ok) return started;
    const opened = await engine.openSet(signal, `${setDir}/`, () => undefined);
    if (!opened.ok) return opened;
    const read = await openTasks(engine, opened.value, tasks, () =>
      loadTasks({ folder: platform.folder(`${setDir}/`), path: tasksName }, {}),
    );
    if (!read.ok) return read;
    const name = typeof tasks === "string" ? basename(tasks).replace(/\.json$/, "") : "";
    const out = options.out && join(options.out, name);
    const compared = await measureRecipe(recipe, engine, read.value, { ...options, out });
    if (!compared.ok || !options.merged) return compared;
    const written = await writeMerged(recipe, engine, options.merged, options);
    return written.ok ? compared : written;
  } finally {
    engine.close();
  }
}

interface OpenedTasks {
  readonly opened: OpenedSet;
  /** The tasks that are scored; null where the set cannot be scored here. */
  readonly read: ReadTasks | null;
}

/** Puts tasks in the place of the set's own; else reads the set's own, which results files need the items of. */
async function openTasks(
  engine: InProcessEngine,
  opened: OpenedSet,
  tasks: string | ReadTasks | null,
  load: () => Promise<Result<TaskBundle>>,
): Promise<Result<OpenedTasks>> {
  if (typeof tasks === "object" && tasks !== null) {
    const set = await engine.setTasks(signal, tasks.bundle);
    return set.ok ? ok({ opened: { ...opened, tasks: set.value }, read: tasks }) : set;
  }
  if (!opened.tasks) return ok({ opened, read: null });
  const bundle = await load();
  if (!bundle.ok) return bundle;
  const originals = bundle.value.items.map((items) => items.length);
  return ok({ opened, read: { bundle: bundle.value, originals, notes: [] } });
}

async function measureRecipe(
  recipe: Recipe,
  engine: InProcessEngine,
  { opened, read }: OpenedTasks,
  { out, merged, limit = null }: RecipeOptions,
): Promise<Result<ScoreComparison[]>> {
  const scored = scoredSet(opened);
  if (!scored.ok) {
    // A set that cannot be scored here can still be merged.
    if (!merged) return scored;
    console.log(scored.problem.message);
    return ok([]);
  }
  const { set, tasks, backend } = scored.value;
  const alpha = alphaForSet(recipe, set, recipe.name);
  if (!alpha.ok) return alpha;
  const subject: Subject = { kind: "mixture", alpha: alpha.value };
  console.log(
    `${recipe.name || "Recipe"} on ${set.spec.name} (${set.hash.slice(0, 12)}), ${backend.kind}, ${backend.threads} threads`,
  );
  console.log(`α: ${set.spec.components.map((c, i) => `${c.id} ${alpha.value[i]}`).join(", ")}`);
  for (const note of read?.notes ?? []) console.error(`Note: ${note}`);
  const startedAt = Date.now();
  const request = { subject, method: recipe.method, details: true };
  const measured = await engine.measure(signal, request, sayItems());
  if (!measured.ok) return measured;
  const { scores, seconds, tokens, done, total, warnings = [] } = measured.value;
  for (const warning of warnings) console.error(`Note: ${warning}`);
  console.log(
    `${done} items, ${tokens} tokens in ${seconds.toFixed(1)} s (${Math.round(tokens / seconds)} tokens/s)`,
  );
  const key = measurementKey(set.hash, tasks.hash, subject, recipe.method);
  const measurement: Measurement = {
    address: await measurementAddress(key),
    key,
    scores,
    done,
    total,
    backend: measured.value.backend,
    origin: "measured",
    at: new Date().toISOString(),
    seconds,
    versions: backend.versions,
  };
  for (const task of tasks.tasks) {
    const { accuracyMetric, continuousMetric } = task.spec;
    const shown = [accuracyMetric, continuousMetric].map(
      (metric) => `${metric} ${formatMetric(metric, metricEstimate(metric, task, scores).value)}`,
    );
    console.log(`  ${task.spec.id}: ${shown.join(", ")}`);
  }
  const now = {
    continuous: scoreTable(tasks, scores, "continuous"),
    accuracy: scoreTable(tasks, scores, "accuracy"),
  };
  const sameTasks = tasks.hash === recipe.tasks.hash;
  const compared = sameTasks ? compareScores(recipe, now) : [];
  if (!sameTasks) console.log("The recipe was measured on other tasks: nothing to compare.");
  else if (!recipe.scores) console.log("The recipe holds no scores: nothing to compare.");
  if (out) {
    await writeResults(out, recipe, scored.value, measurement, compared, tokens);
    if (read) {
      const { bundle, originals } = read;
      const files = await writeLmEvalFiles(out, {
        tasks: scoredTasks(tasks, bundle, measured.value.details ?? [], originals),
        groups: tasks.groups ?? [],
        scores,
        model: recipe.name || "recipe",
        parameters: set.parameters,
        maxLength: maxLengthOf(set.config),
        startedAt,
        seconds,
        limit,
        versions: backend.versions,
        workbench: {
          set: set.hash,
          tasks: tasks.hash,
          address: measurement.address,
          method: key.method,
          alpha: Object.fromEntries(set.spec.components.map((c, i) => [c.id, alpha.value[i]!])),
        },
      });
      for (const file of files) console.log(`Written: ${file}`);
    }
  }
  return ok(compared);
}

async function writeResults(
  out: string,
  recipe: Recipe,
  { set, tasks }: ScoredSet,
  measurement: Measurement,
  compared: readonly ScoreComparison[],
  tokens: number,
): Promise<void> {
  await mkdir(out, { recursive: true });
  const { scores, key } = measurement;
  const again = buildRecipe({
    name: recipe.name,
    note: recipe.note,
    set,
    tasks,
    alpha: key.subject.kind === "mixture" ? key.subject.alpha : [],
    measurement,
    seed: recipe.provenance.seed,
    writtenAt: measurement.at,
  });
  const bytes = new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength);
  const results = {
    format: "demix-results",
    version: 1,
    address: measurement.address,
    key,
    backend: measurement.backend,
    versions: measurement.versions,
    seconds: measurement.seconds,
    tokens,
    scores: {
      continuous: recipeTable(scoreTable(tasks, scores, "continuous")),
      accuracy: recipeTable(scoreTable(tasks, scores, "accuracy")),
    },
    compared,
    itemScores: { file: "scores.f32", sha256: await sha256(bytes), blocks: tasks.tasks.map((t) => t.block) },
  };
  await writeFile(join(out, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(join(out, "scores.f32"), bytes);
  await writeFile(join(out, "recipe.json"), recipeText(again));
  console.log(`Written: ${out}`);
}

/** Writes the merged model, in the type that the recipe names; fails where the recipe states other hashes. */
async function writeMerged(
  recipe: Recipe,
  engine: InProcessEngine,
  path: string,
  { mergekit, shardBytes }: RecipeOptions,
): Promise<Result<null>> {
  const stated = recipe.merged;
  const request = {
    recipe,
    dtype: stated?.dtype ?? ("F32" as const),
    mergekit: stated?.mergekit ?? mergekit,
    shardBytes,
    target: { kind: "path" as const, path },
  };
  const written = await engine.write(signal, request, sayProgress("writing"));
  if (!written.ok) return written;
  sayWritten(path, written.value.files, written.value.seconds);
  return stated ? sameHashes(stated.files, written.value) : ok(null);
}

/** Only weight files have to agree: texts beside them may be worded anew. */
function sameHashes(stated: NonNullable<Recipe["merged"]>["files"], { files }: WriteOutcome): Result<null> {
  const now = new Map(files.map((f) => [f.path, f.sha256]));
  const other = stated.find(
    (f) => f.path.endsWith(".safetensors") && now.has(f.path) && now.get(f.path) !== f.sha256,
  );
  if (!other) return ok(null);
  return fail(
    "bad-recipe",
    `states the SHA-256 ${other.sha256.slice(0, 12)}… for ${other.path}, but the merge gave ${now.get(other.path)?.slice(0, 12)}….`,
    {
      file: "the recipe",
      remedy: "The components, the method or the workbench changed since it was written.",
    },
  );
}
