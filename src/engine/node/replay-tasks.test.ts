import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Result, sentence } from "../../core/result";
import { type ReadTasks, type ReadTasksOptions, readTasks } from "./read-tasks";
import { type ReplayedTasks, type ReplayTasksOptions, replayTasks } from "./replay-tasks";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
const TASKS = join(REPOSITORY, "reference/results");
const home = mkdtempSync(join(tmpdir(), "demix-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const ALL: ReadTasksOptions = { data: [], limit: null, shots: null, mode: "lm-eval" };
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
};
const own = (names: readonly string[], options = ALL): Promise<Result<ReadTasks>> =>
  readTasks(
    names.map((name) => join(TASKS, name)),
    options,
  );

const yamlOf = (...models: string[]): string =>
  [
    "models:",
    ...models.map((m) => `  - model: ${m}\n    parameters: {weight: 1}`),
    "merge_method: linear\n",
  ].join("\n");

async function replay(
  yaml: string,
  tasks: ReadTasks,
  options: Partial<ReplayTasksOptions> = {},
): Promise<Result<ReplayedTasks>> {
  return replayTasks(yaml, join(home, "merge.yaml"), tasks, {
    out: join(home, "out"),
    merged: null,
    limit: null,
    streamed: false,
    mergekit: false,
    shardBytes: 5e9,
    seed: 0,
    ...options,
  });
}

type Json = Record<string, unknown>;
const json = (path: string): Json => JSON.parse(readFileSync(path, "utf8")) as Json;
const lines = (path: string): Json[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json);

/** Written by lm-eval 0.4.13 of the same tasks and model (reference/lm_eval_results.py). */
const THEIRS = join(REPOSITORY, "reference/values/lm-eval-files");
const CONTINUOUS = /^(gold_|target_prob|byte_prob)/;

beforeAll(() => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
});

describe("a YAML with one model, scored on lm-eval's own kinds of tasks", () => {
  let files: readonly string[] = [];
  const fileOf = (start: string) => files.find((f) => basename(f).startsWith(start))!;

  beforeAll(async () => {
    const tasks = value(await own(["both.yaml", "write.yaml", "text.yaml"]));
    const base = join(REPOSITORY, "public/zoo/demo/base");
    ({ files } = value(await replay(yamlOf(base), tasks)));
  }, 120_000);

  it("writes a results file and samples of every task into the model's folder", () => {
    const names = files.map((f) => basename(f).replace(/_2\d{3}-.*(?=\.json)/, ""));
    expect(names).toEqual([
      "results.json",
      ...["choice", "words", "write", "text"].map((t) => `samples_own_${t}.jsonl`),
    ]);
  });

  it("has lm-eval's metrics within 1e-6 where they count, and 1e-4 of themselves where they are log-likelihoods", () => {
    const [ours, theirs] = [json(fileOf("results_")), json(join(THEIRS, "results.json"))];
    for (const [task, expected] of Object.entries(theirs.results as Record<string, Json>)) {
      const found = (ours.results as Record<string, Json>)[task]!;
      const keys = Object.keys(found).filter((key) => !CONTINUOUS.test(key));
      expect(keys.sort()).toEqual(Object.keys(expected).sort());
      for (const [key, want] of Object.entries(expected)) {
        const got = found[key];
        if (typeof want !== "number") expect(got).toEqual(want);
        else if (key === "perplexity_stderr,none")
          expect(Math.abs(Math.log((got as number) / want))).toBeLessThan(0.25);
        else {
          const within = /perplexity|bits/.test(key) ? 1e-4 * want : 1e-6;
          expect(Math.abs((got as number) - want), `${task} ${key}`).toBeLessThanOrEqual(within);
        }
      }
    }
    expect(ours.task_hashes).toEqual(theirs.task_hashes);
    for (const key of ["versions", "n-shot", "n-samples", "group_subtasks"])
      expect(ours[key]).toEqual(theirs[key]);
  });

  it("has lm-eval's samples: same prompts, targets, hashes, texts and answers, log-likelihoods within 1e-3", () => {
    for (const task of ["own_choice", "own_words", "own_write", "own_text"]) {
      const ours = lines(fileOf(`samples_${task}_`));
      const theirs = lines(join(THEIRS, `samples_${task}.jsonl`));
      expect(ours).toHaveLength(theirs.length);
      for (const [n, want] of theirs.entries()) {
        const got = ours[n]!;
        for (const key of ["doc_id", "doc", "target", "arguments", "filter"])
          expect(got[key], `${task} ${n}`).toEqual(want[key]);
        for (const key of ["doc_hash", "prompt_hash", "target_hash", "acc", "acc_norm", "exact_match"])
          expect(got[key], `${task} ${n} ${key}`).toEqual(want[key]);
        near(got.resps, want.resps);
        near(got.filtered_resps, want.filtered_resps);
      }
    }
  });
});

/** Equal, but for numbers written as texts, which agree within 1e-3. */
function near(got: unknown, want: unknown): void {
  if (Array.isArray(want)) {
    expect(got).toHaveLength(want.length);
    for (const [i, inner] of want.entries()) near((got as unknown[])[i], inner);
  } else if (/^-\d+\.\d+$/.test(String(want)))
    expect(Math.abs(Number(got) - Number(want))).toBeLessThan(1e-3);
  else expect(got).toBe(want);
}

describe("replay on tasks", () => {
  it("gives layer by layer what the whole model gives, on the first items alone", async () => {
    const tasks = value(await own(["choice.yaml"], { ...ALL, limit: 2 }));
    expect(tasks.originals).toEqual([7]);
    const yaml = yamlOf(join(REPOSITORY, "public/zoo/demo/base"));
    const whole = value(await replay(yaml, tasks, { out: null }));
    const out = join(home, "streamed");
    const streamed = value(await replay(yaml, tasks, { out, streamed: true, limit: 2 }));
    expect(streamed.scores).toHaveLength(whole.scores.length);
    for (const [i, score] of whole.scores.entries())
      if (!Number.isNaN(score)) expect(Math.abs(streamed.scores[i]! - score)).toBeLessThan(1e-4);
    const results = json(streamed.files[0]!);
    expect(results["n-samples"]).toEqual({ own_choice: { original: 7, effective: 2 } });
    expect((results.config as Json).limit).toBe(2);
  }, 120_000);

  it("merges several models first, and leaves nothing of the merge behind", async () => {
    const tasks = value(await own(["words.yaml"]));
    const [base, code] = ["base", "code_high"].map((m) => join(REPOSITORY, "public/zoo/demo", m));
    const temporary = () => readdirSync(tmpdir()).filter((n) => n.startsWith("demix-merged-"));
    const before = temporary();
    const merged = value(await replay(yamlOf(base!, code!), tasks, { out: null }));
    const alone = value(await replay(yamlOf(base!), tasks, { out: null }));
    expect(merged.scores).not.toEqual(alone.scores);
    expect(temporary()).toEqual(before);
  }, 120_000);

  it("takes another number of shots where the task leaves it open, and other data files", async () => {
    const four = value(await own(["choice.yaml"], { ...ALL, shots: 1 }));
    expect(four.bundle.spec.tasks[0]!.origin?.nShot).toBe(1);
    writeFileSync(
      join(home, "mine.yaml"),
      "task: mine\noutput_type: loglikelihood_rolling\ntest_split: test\ndoc_to_text: ''\ndoc_to_target: '{{page}}'\nmetric_list: [{metric: bits_per_byte}]\n",
    );
    const data = [join(TASKS, "text.jsonl")];
    const mine = value(await readTasks([join(home, "mine.yaml")], { ...ALL, data }));
    expect(mine.bundle.items[0]).toHaveLength(4);
  });

  it("refuses by name what is no task, what is there twice, and a model that is not there", async () => {
    const say = (result: Result<unknown>) => (result.ok ? "" : sentence(result.problem));
    expect(say(await readTasks([join(home, "nowhere.yaml")], ALL))).toMatch(/nowhere\.yaml.*not there/);
    expect(say(await own(["choice.yaml", "choice.yaml"]))).toMatch(
      /two of the tasks have the id "own_choice"/,
    );
    writeFileSync(join(home, "odd.yaml"), "task: odd\ndoc_to_text: !function utils.text\n");
    expect(say(await readTasks([join(home, "odd.yaml")], ALL))).toMatch(/odd\.yaml.*!function/);
    const tasks = value(await own(["words.yaml"]));
    expect(say(await replay(yamlOf("nowhere"), tasks))).toMatch(/nowhere/);
    expect(existsSync(join(home, "out", "nowhere"))).toBe(false);
  });
});
