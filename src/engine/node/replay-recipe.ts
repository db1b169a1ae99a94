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
import type { WriteOutcome } from "../../protocol/engine-protocol";
import { type ScoredSet, scoredSet } from "../scored-set";
import { createInProcessEngine, type InProcessEngine } from "./in-process-engine";
import { nodePlatform } from "./node-platform";
import { overlayPlatform } from "./overlay-platform";
import { sayProgress, sayWritten } from "./say";

export interface RecipeOptions {
  /** Folder of the component set. */
  readonly set: string;
  readonly out?: string | undefined;
  readonly merged?: string | undefined;
  readonly mergekit: boolean;
  readonly shardBytes: number;
  readonly threads?: number | undefined;
}

const signal = new AbortController().signal;

/** Merges, measures and prints one task set, the set's own where `tasksFile` is null; gives the comparison with the recipe. */
export async function replayRecipe(
  recipe: Recipe,
  options: RecipeOptions,
  tasksFile: string | null,
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
  const engine = createInProcessEngine(
    tasksFile ? overlayPlatform(setDir, tasksName, resolve(tasksFile)) : nodePlatform(),
  );
  try {
    const { threads } = options;
    const started = await engine.start(signal, { backend: "wasm-threads", ...(threads && { threads }) });
    if (!started.ok) return started;
    const opened = await engine.openSet(signal, `${setDir}/`, () => undefined);
    if (!opened.ok) return opened;
    const compared = await measureRecipe(recipe, engine, opened, options, tasksFile);
    if (!compared.ok || !options.merged) return compared;
    const written = await writeMerged(recipe, engine, options.merged, options);
    return written.ok ? compared : written;
  } finally {
    engine.close();
  }
}

type Opened = Extract<Awaited<ReturnType<InProcessEngine["openSet"]>>, { ok: true }>;

async function measureRecipe(
  recipe: Recipe,
  engine: InProcessEngine,
  opened: Opened,
  { out, merged }: RecipeOptions,
  tasksFile: string | null,
): Promise<Result<ScoreComparison[]>> {
  const scored = scoredSet(opened.value);
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
  const say = sayProgress("measuring");
  const request = { subject, method: recipe.method };
  const measured = await engine.measure(signal, request, ({ done, total }) =>
    say({ done, total, unit: "items", what: "" }),
  );
  if (!measured.ok) return measured;
  const { scores, seconds, tokens, done, total } = measured.value;
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
    const name = tasksFile ? basename(tasksFile).replace(/\.json$/, "") : "";
    await writeResults(join(out, name), recipe, scored.value, measurement, compared, tokens);
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
