import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openSafetensors, readStored } from "../../core/checkpoint/safetensors";
import type { TensorReader } from "../../core/merge/merge-plan";
import { fail, ok, type Result, sentence } from "../../core/result";
import type { RunRow } from "../../core/scoring/runs-file";
import { nodeFolder } from "./node-folder";
import { type NodeSetOptions, openNodeSet } from "./open-node-set";
import { RunsOutput } from "./runs-output";

const USAGE = `Scores really trained checkpoints on a set's tasks.

  tsx src/engine/node/score-runs.ts --set DIR --runs FILE --weights DIR --out FILE.json
      [--backend native|wasm|wasm-threads] [--split tune|report]

FILE is a demix-training file; the weights are DIR/<run>/<step>/model.safetensors. Runs without weights are skipped and
rows that the output holds already are not scored again.`;

/** zoo/runs.json: what was trained. */
interface TrainingFile {
  readonly tokens: number;
  readonly steps: number;
  readonly fractions: readonly number[];
  readonly runs: readonly { id: string; split: string; alpha: number[]; seed: number }[];
}

interface Job {
  readonly row: RunRow;
  readonly folder: string;
}

function plan(training: TrainingFile, weights: string, only: string | undefined): Job[] {
  return training.runs.flatMap(({ id, split, alpha, seed }) => {
    if (split !== "tune" && split !== "report") return [];
    if (only && split !== only) return [];
    return training.fractions.map((fraction): Job => {
      const subject = { kind: "mixture" as const, alpha };
      const tokens = Math.round(training.tokens * fraction);
      const step = Math.round(training.steps * fraction);
      return { row: { id, subject, split, seed, tokens, fraction }, folder: join(weights, id, String(step)) };
    });
  });
}

/** The weights in a folder; null where they are not there yet. */
async function openWeights(folder: string): Promise<Result<TensorReader | null>> {
  const source = await nodeFolder(folder).file("model.safetensors");
  if (!source) return ok(null);
  const file = await openSafetensors(source);
  if (!file.ok) return file;
  return ok({
    name: source.name,
    values: (name, range, signal) => readStored(file.value, name, range, signal),
  });
}

async function main(): Promise<Result<string>> {
  const { values } = parseArgs({
    options: {
      set: { type: "string" },
      runs: { type: "string" },
      weights: { type: "string" },
      out: { type: "string" },
      backend: { type: "string", default: "native" },
      split: { type: "string" },
    },
  });
  if (!values.set || !values.runs || !values.weights || !values.out?.endsWith(".json"))
    return fail("bad-recipe", USAGE);
  const backend = values.backend as NonNullable<NodeSetOptions["backend"]>;
  const set = await openNodeSet(values.set, { backend });
  if (!set.ok) return set;
  const { engine, opened } = set.value;
  const training = JSON.parse(readFileSync(values.runs, "utf8")) as TrainingFile;
  const jobs = plan(training, values.weights, values.split);
  const about =
    "Models really trained on their mixtures, scored by score-runs; alpha in the set's order of components.";
  const out = new RunsOutput(values.out, "references", opened, about);
  const resumed = await out.resume();
  if (!resumed.ok) return resumed;
  let missing = 0;
  for (const { row, folder } of jobs) {
    if (out.has(row)) continue;
    const reader = await openWeights(folder);
    if (!reader.ok) return reader;
    if (!reader.value) {
      missing++;
      continue;
    }
    const scored = await engine.measureWeights(reader.value);
    if (!scored.ok) return scored;
    const seconds = Math.round(scored.value.seconds * 1000) / 1000;
    await out.add(
      { ...row, seconds },
      scored.value.scores,
      jobs.map((j) => j.row),
    );
    console.log(`${row.id} ${row.fraction}: ${seconds} s (${out.size} of ${jobs.length} rows)`);
  }
  return ok(`${values.out}: ${out.size} rows, ${missing} runs without weights yet`);
}

const result = await main();
console.log(result.ok ? result.value : sentence(result.problem));
process.exit(result.ok ? 0 : 1);
