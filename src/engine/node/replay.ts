import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { ScoreComparison } from "../../core/recipe/compare-scores";
import type { Recipe } from "../../core/recipe/recipe";
import { fail, ok, type Result, sentence } from "../../core/result";
import type { ScoringMode } from "../../core/scoring/task";
import type { ReadTasks } from "./read-tasks";
import { sayProgress, sayWritten } from "./say";

const USAGE = `Recomputes a recipe's scores without a browser, merges by a mergekit configuration, or scores a model on tasks.

  npm run replay -- RECIPE --set DIR [--tasks FILE …] [--out DIR] [--merged DIR] [--threads N]
  npm run replay -- MERGE.yaml --merged DIR [--mergekit-compatible] [--seed N]
  npm run replay -- RECIPE|MERGE.yaml --tasks TASKS … [--data FILE …] --out DIR [--limit N] [--num_fewshot N] [--streamed]

RECIPE      a recipe (JSON) from the Recipe page
MERGE.yaml  a mergekit configuration; its models are folders, absolute or relative to it. With --tasks what it merges is
            scored; one model of weight 1 is scored as it is
--set       the folder of the component set (demix-set.json)
--tasks     tasks to score instead of the set's own: an lm-eval YAML, a benchmark's file (JSONL, JSON, Parquet), a text, a
            demix-tasks file, or a folder of them; may be given several times
--data      data files of YAML tasks that lie elsewhere; a benchmark's files of examples and labels
--mode      how benchmarks are scored: lm-eval (as it is), opencompass-ppl, opencompass-gen
--out       writes lm-eval's results_….json and samples_….jsonl there; of a recipe also results.json, item scores
            (scores.f32) and the recomputed recipe
--limit     the first N items of each task alone
--num_fewshot
            examples in front of each item, where the task does not fix them
--streamed  goes through the model layer by layer, as it does by itself where a model does not fit into memory
--merged    writes the merged checkpoint there, in Hugging Face form
--mergekit-compatible
            rounds every operation as mergekit does in the configuration's dtype; else all is float32, rounded once
--shard-gb  most gigabytes of a weight file (5)
--seed      of random masks (0)
Exits with 1 where recorded and recomputed scores disagree beyond the recipe's tolerance, 2 on bad input.`;

const SCORING_MODES: readonly ScoringMode[] = ["lm-eval", "opencompass-ppl", "opencompass-gen"];

interface Arguments {
  readonly file: string;
  readonly set?: string | undefined;
  readonly tasks: readonly string[];
  readonly data: readonly string[];
  readonly out?: string | undefined;
  readonly merged?: string | undefined;
  readonly limit: number | null;
  readonly shots: number | null;
  readonly mode: ScoringMode;
  readonly streamed: boolean;
  readonly mergekit: boolean;
  readonly shardBytes: number;
  readonly seed: number;
  readonly threads?: number | undefined;
}

function readArguments(): Arguments | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        set: { type: "string" },
        tasks: { type: "string", multiple: true, default: [] },
        data: { type: "string", multiple: true, default: [] },
        out: { type: "string" },
        merged: { type: "string" },
        limit: { type: "string" },
        num_fewshot: { type: "string" },
        mode: { type: "string", default: "lm-eval" },
        streamed: { type: "boolean", default: false },
        "mergekit-compatible": { type: "boolean", default: false },
        "shard-gb": { type: "string", default: "5" },
        seed: { type: "string", default: "0" },
        threads: { type: "string" },
      },
    });
    const [file] = positionals;
    const { set, tasks, data, out, merged, threads, streamed } = values;
    const [shard, seed] = [Number(values["shard-gb"]), Number(values.seed)];
    const [limit, shots] = [count(values.limit, 1), count(values.num_fewshot, 0)];
    if (!file || positionals.length > 1 || !(shard > 0) || !Number.isSafeInteger(seed)) return null;
    const mode = SCORING_MODES.find((name) => name === values.mode);
    if (limit === undefined || shots === undefined || mode === undefined) return null;
    if (isYaml(file) ? set || (!merged && tasks.length === 0) : !set) return null;
    return {
      file,
      set,
      tasks,
      data,
      out,
      merged,
      limit,
      shots,
      mode,
      streamed,
      mergekit: values["mergekit-compatible"],
      shardBytes: shard * 1e9,
      seed,
      threads: threads ? Number(threads) : undefined,
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** Undefined where it is no whole number of at least `least`; null where it is not given. */
function count(text: string | undefined, least: number): number | null | undefined {
  if (text === undefined) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= least ? value : undefined;
}

const isYaml = (file: string): boolean => /\.ya?ml$/i.test(file);

async function readText(path: string): Promise<Result<string>> {
  try {
    return ok(await readFile(path, "utf8"));
  } catch {
    return fail("bad-file", "cannot be read.", { file: path, remedy: "Check the path." });
  }
}

async function mergeByYaml(text: string, args: Arguments): Promise<number> {
  const { file, merged: out = "", mergekit, shardBytes, seed } = args;
  const started = performance.now();
  const onProgress = sayProgress("writing");
  // Each of the two ways loads only what it needs: a merge is often shorter than a start.
  const { replayMerge } = await import("./replay-merge");
  const done = await replayMerge(text, file, { out, mergekit, shardBytes, seed, onProgress });
  if (!done.ok) return refuse(done);
  for (const note of done.value.notes) console.log(`Note: ${note}`);
  sayWritten(out, done.value.files, (performance.now() - started) / 1000);
  return 0;
}

async function scoreByYaml(text: string, args: Arguments): Promise<number> {
  const [{ readTasks }, { replayTasks }] = await Promise.all([
    import("./read-tasks"),
    import("./replay-tasks"),
  ]);
  const tasks = await readTasks(args.tasks, args);
  if (!tasks.ok) return refuse(tasks);
  const { out = null, merged = null } = args;
  const done = await replayTasks(text, args.file, tasks.value, { ...args, out, merged, openRunner });
  return done.ok ? 0 : refuse(done);
}

const openRunner = () => import("./python-runner").then((m) => m.createNodePythonRunner());

/** A whole demix-tasks file stands in the place of the set's own, file by file; everything else is read here and joined. */
async function recipeTasks({ tasks, ...args }: Arguments): Promise<Result<(string | ReadTasks | null)[]>> {
  if (tasks.length === 0) return ok([null]);
  const { isDemixTasks, readTasks } = await import("./read-tasks");
  const whole = args.limit === null ? tasks.filter((file) => /\.json$/i.test(file)) : [];
  const missing = tasks.find((file) => !existsSync(file));
  if (missing)
    return fail("bad-file", "the task file is not there.", { file: missing, remedy: "Check the path." });
  const others: string[] = [];
  const own: string[] = [];
  for (const file of tasks)
    if (whole.includes(file) && isDemixTasks(await readFile(file, "utf8"))) own.push(file);
    else others.push(file);
  if (others.length === 0) return ok(own);
  const read = await readTasks(others, args);
  return read.ok ? ok([...own, read.value]) : read;
}

async function compareRecipe(recipe: Recipe, args: Arguments): Promise<number> {
  const chosen = await recipeTasks(args);
  if (!chosen.ok) return refuse(chosen);
  const compared: ScoreComparison[] = [];
  const { replayRecipe } = await import("./replay-recipe");
  const options = { ...args, set: args.set ?? "", openRunner };
  for (const tasks of chosen.value) {
    const one = await replayRecipe(recipe, options, tasks);
    if (!one.ok) return refuse(one);
    compared.push(...one.value);
  }
  for (const { view, target, recorded, recomputed, agrees } of compared)
    console.log(
      `  ${view} ${target}: recorded ${recorded.toFixed(5)}, recomputed ${recomputed.toFixed(5)} ${agrees ? "agrees" : "DISAGREES"}`,
    );
  const disagree = compared.filter((c) => !c.agrees).length;
  const { continuous, accuracy } = recipe.tolerance;
  if (disagree > 0) console.log(`${disagree} of ${compared.length} scores disagree beyond the tolerance.`);
  else if (compared.length > 0)
    console.log(
      `All ${compared.length} scores agree (tolerance ${continuous} continuous, ${accuracy} accuracy).`,
    );
  return disagree === 0 ? 0 : 1;
}

function refuse(result: Result<never>): number {
  if (!result.ok) console.error(sentence(result.problem));
  return 2;
}

async function main(): Promise<number> {
  const args = readArguments();
  if (!args) {
    console.error(USAGE);
    return 2;
  }
  const text = await readText(args.file);
  if (!text.ok) return refuse(text);
  if (isYaml(args.file))
    return args.tasks.length > 0 ? scoreByYaml(text.value, args) : mergeByYaml(text.value, args);
  const { parseRecipe } = await import("../../core/recipe/parse-recipe");
  const recipe = parseRecipe(text.value, args.file);
  return recipe.ok ? compareRecipe(recipe.value, args) : refuse(recipe);
}

process.exit(await main());
