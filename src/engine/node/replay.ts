import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { sha256 } from "../../core/canonical";
import { compareScores, type ScoreComparison } from "../../core/recipe/compare-scores";
import { alphaForSet, parseRecipe } from "../../core/recipe/parse-recipe";
import { buildRecipe, type Recipe, recipeTable, recipeText } from "../../core/recipe/recipe";
import { fail, ok, type Result, sentence } from "../../core/result";
import { linearKey, measurementAddress } from "../../core/scoring/address";
import type { Measurement, Subject } from "../../core/scoring/measurement";
import { formatMetric, metricEstimate } from "../../core/scoring/metrics";
import { scoreTable } from "../../core/scoring/score-table";
import { scoredSet } from "../scored-set";
import { createInProcessEngine } from "./in-process-engine";
import { nodePlatform } from "./node-platform";
import { overlayPlatform } from "./overlay-platform";

const USAGE = `Recomputes a recipe's scores without a browser: merge, measure, compare.

  npm run replay -- FILE --set DIR [--tasks FILE …] [--out DIR] [--merged DIR] [--threads N]

FILE      a recipe (JSON) from the Recipe page
--set     the folder of the component set (demix-set.json)
--tasks   other task files (demix-tasks) to score; the set's own when absent
--out     writes results.json, item scores (scores.f32) and the recomputed recipe there
--merged  writes the merged checkpoint there, in Hugging Face form
Exits with 1 where recorded and recomputed scores disagree beyond the recipe's tolerance, 2 on bad input.`;

interface Arguments {
  readonly recipe: string;
  readonly set: string;
  readonly tasks: readonly string[];
  readonly out?: string | undefined;
  readonly merged?: string | undefined;
  readonly threads?: number | undefined;
}

function readArguments(): Arguments | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        set: { type: "string" },
        tasks: { type: "string", multiple: true, default: [] },
        out: { type: "string" },
        merged: { type: "string" },
        threads: { type: "string" },
      },
    });
    const [recipe] = positionals;
    if (!recipe || positionals.length > 1 || !values.set) return null;
    const { set, out, merged } = values;
    return {
      recipe,
      set,
      tasks: values.tasks,
      out,
      merged,
      threads: values.threads ? Number(values.threads) : undefined,
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return null;
  }
}

async function readText(path: string): Promise<Result<string>> {
  try {
    return ok(await readFile(path, "utf8"));
  } catch {
    return fail("bad-file", "cannot be read.", { file: path, remedy: "Check the path." });
  }
}

/** Merges, measures and prints one task set; gives the comparison with the recipe. */
async function replayTasks(
  args: Arguments,
  recipe: Recipe,
  tasksFile: string | null,
): Promise<Result<ScoreComparison[]>> {
  const specText = await readText(join(args.set, "demix-set.json"));
  if (!specText.ok) return specText;
  const tasksName = (JSON.parse(specText.value) as { tasks?: string }).tasks ?? "tasks.json";
  const setDir = resolve(args.set);
  const engine = createInProcessEngine(
    tasksFile ? overlayPlatform(setDir, tasksName, resolve(tasksFile)) : nodePlatform(),
  );
  const signal = new AbortController().signal;
  try {
    const started = await engine.start(signal, {
      backend: "wasm-threads",
      ...(args.threads && { threads: args.threads }),
    });
    if (!started.ok) return started;
    const opened = await engine.openSet(signal, `${setDir}/`, () => undefined);
    if (!opened.ok) return opened;
    const scored = scoredSet(opened.value);
    if (!scored.ok) return scored;
    const { set, tasks, backend } = scored.value;
    const alpha = alphaForSet(recipe, set, args.recipe);
    if (!alpha.ok) return alpha;
    const subject: Subject = { kind: "mixture", alpha: alpha.value };
    console.log(
      `${recipe.name || basename(args.recipe)} on ${set.spec.name} (${set.hash.slice(0, 12)}), ${backend.kind}, ${backend.threads} threads`,
    );
    console.log(`α: ${set.spec.components.map((c, i) => `${c.id} ${alpha.value[i]}`).join(", ")}`);
    const measured = await engine.measure(signal, { subject }, ({ done, total }) => {
      process.stderr.write(`\rmeasuring ${done} of ${total} items`);
    });
    process.stderr.write("\n");
    if (!measured.ok) return measured;
    const { scores, seconds, tokens } = measured.value;
    console.log(
      `${measured.value.done} items, ${tokens} tokens in ${seconds.toFixed(1)} s (${Math.round(tokens / seconds)} tokens/s)`,
    );
    const key = linearKey(set.hash, tasks.hash, subject);
    const measurement: Measurement = {
      address: await measurementAddress(key),
      key,
      scores,
      done: measured.value.done,
      total: measured.value.total,
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
    if (args.out) {
      const name = tasksFile ? basename(tasksFile).replace(/\.json$/, "") : "";
      const out = join(args.out, name);
      await mkdir(out, { recursive: true });
      const again = buildRecipe({
        name: recipe.name,
        note: recipe.note,
        set,
        tasks,
        alpha: alpha.value,
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
        seconds,
        tokens,
        scores: { continuous: recipeTable(now.continuous), accuracy: recipeTable(now.accuracy) },
        compared,
        itemScores: {
          file: "scores.f32",
          sha256: await sha256(bytes),
          blocks: tasks.tasks.map((t) => t.block),
        },
      };
      await writeFile(join(out, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
      await writeFile(join(out, "scores.f32"), bytes);
      await writeFile(join(out, "recipe.json"), recipeText(again));
      console.log(`Written: ${out}`);
    }
    if (args.merged) {
      const request = {
        recipe,
        dtype: recipe.merged?.dtype ?? ("F32" as const),
        mergekit: args.mergekit,
        shardBytes: SHARD_BYTES,
        target: { kind: "path" as const, path: args.merged },
      };
      const written = await engine.write(signal, request, writingProgress());
      process.stderr.write("\n");
      if (!written.ok) return written;
      sayWritten(args.merged, written.value);
      const wrong = differingHash(recipe, written.value);
      if (wrong) return wrong;
    }
    return ok(compared);
  } finally {
    engine.close();
  }
}

async function main(): Promise<number> {
  const args = readArguments();
  if (!args) {
    console.error(USAGE);
    return 2;
  }
  const text = await readText(args.recipe);
  const recipe = text.ok ? parseRecipe(text.value, args.recipe) : text;
  if (!recipe.ok) {
    console.error(sentence(recipe.problem));
    return 2;
  }
  const missing = args.tasks.find((file) => !existsSync(file));
  if (missing) {
    console.error(`${missing}: the task file is not there. Check the path.`);
    return 2;
  }
  const files = args.tasks.length > 0 ? args.tasks : [null];
  let disagree = 0;
  for (const file of files) {
    const compared = await replayTasks(args, recipe.value, file);
    if (!compared.ok) {
      console.error(sentence(compared.problem));
      return 2;
    }
    for (const c of compared.value) {
      const mark = c.agrees ? "agrees" : "DISAGREES";
      console.log(
        `  ${c.view} ${c.target}: recorded ${c.recorded.toFixed(5)}, recomputed ${c.recomputed.toFixed(5)} ${mark}`,
      );
    }
    disagree += compared.value.filter((c) => !c.agrees).length;
    if (compared.value.length > 0) {
      const { continuous, accuracy } = recipe.value.tolerance;
      console.log(
        disagree === 0
          ? `All ${compared.value.length} scores agree (tolerance ${continuous} continuous, ${accuracy} accuracy).`
          : `${disagree} of ${compared.value.length} scores disagree beyond the tolerance.`,
      );
    }
  }
  return disagree === 0 ? 0 : 1;
}

process.exit(await main());
