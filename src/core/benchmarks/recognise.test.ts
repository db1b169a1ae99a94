import { describe, expect, it } from "vitest";
import { ownTasks, readFiles } from "../../engine/node/benchmark-items.fixture";
import { sentence } from "../result";
import type { ChoiceItem, GenerateItem } from "../scoring/task";
import { type BenchmarkOptions, compileBenchmark } from "./compile-benchmark";
import { recognise } from "./recognise";
import type { DataFile, Row } from "./row";

const compile = async (files: readonly DataFile[], options: BenchmarkOptions = {}) => {
  const [task] = recognise(files).tasks;
  const made = await compileBenchmark(task!, options);
  if (!made.ok) throw new Error(sentence(made.problem));
  return made.value;
};
const piqa = (label?: number): Row => ({
  goal: "g",
  sol1: "a",
  sol2: "b",
  ...(label !== undefined && { label }),
});
const file = (name: string, rows: readonly Row[]): DataFile => ({ name, rows });

describe("recognition", () => {
  it("finds all nine among dropped files, with shots from their own files", async () => {
    const { tasks, others, problems } = await ownTasks();
    expect(tasks.map((t) => t.benchmark.id)).toEqual([
      "arc_easy",
      "hellaswag",
      "winogrande",
      "piqa",
      "social_iqa",
      "humaneval",
      "mbpp",
      "gsm8k",
      "minerva_math",
    ]);
    expect([others, problems]).toEqual([[], []]);
    expect(tasks.find((t) => t.benchmark.id === "gsm8k")?.files).toEqual(["gsm8k-test.jsonl"]);
    expect(tasks.find((t) => t.benchmark.id === "mbpp")?.rows).toHaveLength(3);
    for (const { benchmark } of tasks) expect(benchmark.licence).not.toBe("");
  });
  it("reads the authors' layout of ARC as the Hub's", async () => {
    const [hub] = await readFiles(["arc_easy.jsonl"]);
    const authors = hub!.rows.map(({ question, choices, answerKey, id }) => {
      const { text, label } = choices as { text: string[]; label: string[] };
      const both = text.map((t, i) => ({ text: t, label: label[i] }));
      return { id, question: { stem: question, choices: both }, answerKey };
    });
    const made = await compile([file("ARC-Easy-Test.jsonl", authors as unknown as Row[])]);
    expect(made.items.map((i) => (i as ChoiceItem).choices)).toEqual(
      (await compile([hub!])).items.map((i) => (i as ChoiceItem).choices),
    );
    expect((await compile([file("ARC-Challenge-Test.jsonl", hub!.rows)])).spec.id).toBe("arc_challenge");
  });
  it("joins labels from a file beside the rows, and refuses labels alone", async () => {
    const labels = file("valid-labels.lst", [{ label: 1 }, { label: 0 }]);
    const made = await compile([file("valid.jsonl", [piqa(), piqa()]), labels]);
    expect(made.items.map((i) => (i as ChoiceItem).gold)).toEqual([1, 0]);
    expect(made.notes.join()).toContain("come from valid-labels.lst");
    const [problem] = recognise([labels]).problems;
    expect(sentence(problem!)).toMatch(/valid-labels\.lst: holds 2 labels/);
  });
  it("leaves rows without a right answer out, and says which", async () => {
    const made = await compile([file("valid.jsonl", [piqa(0), piqa(-1), piqa(1), piqa(-1)])]);
    expect(made.items).toHaveLength(2);
    expect(made.notes).toContain("2 rows are left out: label is missing (row 2, 4).");
    const [task] = recognise([file("tests.jsonl", [piqa(-1)])]).tasks;
    const none = await compileBenchmark(task!);
    expect(none.ok ? "" : sentence(none.problem)).toMatch(
      /none of its 1 rows can be scored.*label is missing/,
    );
  });
  it("says which file gives the shots that are missing", async () => {
    const [gsm8k] = await readFiles(["gsm8k-test.jsonl"]);
    const bare = await compile([gsm8k!]);
    expect(bare.spec.origin?.nShot).toBe(0);
    expect(bare.notes.join()).toContain("train.jsonl of GSM8K");
    const [math] = await readFiles(["minerva_math-test.jsonl"]);
    const made = await compile([math!]);
    expect(made.notes.join()).toContain("whose texts are not part of the workbench");
    const [shots] = await readFiles(["minerva_math-shots.jsonl"]);
    const alone = recognise([shots!]);
    expect(alone.problems.map(sentence).join()).toContain("holds shots only");
  });
  it("scores one split and names the files that it does not use", async () => {
    const made = await compile([file("train.jsonl", [piqa(0)]), file("valid.jsonl", [piqa(1), piqa(1)])]);
    expect(made.items).toHaveLength(2);
    expect(made.notes.join()).toContain("Not used: train.jsonl.");
  });
  it("runs prompt, text and tests of a function, and three asserts of a problem", async () => {
    const [humaneval] = await readFiles(["humaneval.jsonl"]);
    const [item] = (await compile([humaneval!])).items as GenerateItem[];
    expect(item!.code?.prefix).toBe(item!.context);
    expect(item!.code?.suffix).toMatch(/^\n\n\ndef check[\s\S]*\ncheck\(first\)$/);
    const [mbpp] = await readFiles(["mbpp.jsonl"]);
    const made = (await compile([mbpp!])).items as GenerateItem[];
    expect(made[1]!.code?.suffix).toBe("\nassert neg(1) == -1\nassert neg(0) == 0\nassert neg(-2) == 2");
  });
});

describe("OpenCompass's modes", () => {
  it("write prompt and answer as its configurations do", async () => {
    const [arc, hellaswag, siqa] = await readFiles(["arc_easy.jsonl", "hellaswag.jsonl", "social_iqa.jsonl"]);
    const ppl = await compile([arc!], { mode: "opencompass-ppl" });
    const [item] = ppl.items as ChoiceItem[];
    expect(item!.context + item!.choices[1]).toBe(
      "Question: Which of these melts when it is left in the warm sun?\nAnswer: \na bar of chocolate",
    );
    expect(ppl.spec).toMatchObject({ id: "arc_easy_ppl", accuracyMetric: "acc_ppl", items: 3 });
    expect(ppl.notes.join()).toContain("exactly four choices");
    const [first] = (await compile([hellaswag!], { mode: "opencompass-ppl" })).items as ChoiceItem[];
    expect(first!.context).toBe("A woman kneads dough on a table. She\n");
    const [gen] = (await compile([siqa!], { mode: "opencompass-gen" })).items as GenerateItem[];
    expect(gen!.context).toMatch(/\nA\. annoyed\nB\. proud of the door\nC\. full of soup\nAnswer:$/);
    expect(gen).toMatchObject({ targets: ["A"], choices: ["A", "B", "C"] });
  });
  it("are refused where a benchmark has none", async () => {
    const [gsm8k] = await readFiles(["gsm8k-test.jsonl"]);
    const made = await compileBenchmark(recognise([gsm8k!]).tasks[0]!, { mode: "opencompass-ppl" });
    expect(made.ok ? "" : sentence(made.problem)).toContain("is not scored in OpenCompass PPL here");
  });
});
