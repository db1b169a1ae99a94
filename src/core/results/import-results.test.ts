import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import { importResults, type ResultsText, resultsKind } from "./import-results";
import { importedRow } from "./imported-row";
import { asShare } from "./imported-scores";
import { ownTasks } from "./lm-eval-files.fixture";
import { lmEvalFiles } from "./lm-eval-results";

const FILES = new URL("../../../reference/values/lm-eval-files/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FILES), "utf8");
const NAMES = ["own_choice", "own_words", "own_write", "own_text"];
const DATE = "2026-01-02T03-04-05.678901";
const FOLDER = "out/org__model/";
const lmEval: ResultsText[] = [
  { path: `${FOLDER}results_${DATE}.json`, text: read("results.json") },
  ...NAMES.map((task) => ({
    path: `${FOLDER}samples_${task}_${DATE}.jsonl`,
    text: read(`samples_${task}.jsonl`),
  })),
];
const says = (...files: ResultsText[]): string => importResults(files).problems.map(sentence).join("\n");

describe("lm-eval's files", () => {
  const { scores, problems } = importResults([...lmEval].reverse());

  it("are one model's scores, with the samples of their folder and date", () => {
    expect(problems).toEqual([]);
    expect(scores).toHaveLength(1);
    const [model] = scores;
    expect(model).toMatchObject({ tool: "lm-eval", alpha: null, name: "../../public/zoo/demo/base" });
    expect(model!.tasks.map((t) => [t.task, t.n, t.nShot, t.members])).toEqual([
      ["own_choice", 7, 2, null],
      ["own_words", 5, 0, null],
      ["own_write", 5, 0, null],
      ["own_text", 4, 0, null],
      ["own_both", 12, null, ["own_choice", "own_words"]],
    ]);
    const write = model!.tasks[2]!;
    expect(write.values).toEqual([
      {
        metric: "exact_match",
        filter: "strict",
        value: 0.2,
        stderr: 0.20000000000000004,
        higherIsBetter: true,
        percent: false,
      },
      {
        metric: "exact_match",
        filter: "flexible",
        value: 0.4,
        stderr: 0.24494897427831783,
        higherIsBetter: true,
        percent: false,
      },
    ]);
    expect(write.items).toHaveLength(10);
    expect(write.items![0]!.texts).toEqual([" 11\n"]);
    expect(model!.tasks[3]!.items![0]!.sums).toEqual([-167.57186889648438]);
  });

  it("give the measurement of the same tasks, item for item", () => {
    const { tasks, scores: wanted } = ownTasks(read);
    const layout = {
      hash: "",
      name: "",
      domains: [],
      tasks: tasks.map((t) => t.layout),
      floats: wanted.length,
    };
    const items = tasks.map((t) => t.items);
    const { scores: row, matched } = importedRow(layout, items, scores[0]!);
    expect(matched).toEqual([7, 5, 5, 4]);
    const text = layout.tasks[3]!.block;
    for (const [i, value] of wanted.entries())
      if (i >= text.offset && (i - text.offset) % 2 === 1) expect(row[i]).toBeNaN();
      else expect(row[i]).toEqual(value);
    const other = items.map((list) =>
      list.map((item) => ("context" in item ? { ...item, context: "?" } : item)),
    );
    expect(importedRow(layout, other, scores[0]!).matched).toEqual([0, 0, 0, 4]);
  });

  it("of older versions are read too", () => {
    const results = {
      results: { piqa: { acc: 0.5, acc_stderr: 0.1, acc_norm: 0.25 } },
      versions: { piqa: 0 },
      config: { model: "hf-causal", model_args: "pretrained=org/m,dtype=float32" },
    };
    const sample = {
      doc_id: 3,
      doc: {},
      target: 1,
      arguments: [
        ["a", " b"],
        ["a", " c"],
      ],
      resps: [[[-1.5, false]], [[-0.5, true]]],
      filtered_resps: [
        [-1.5, false],
        [-0.5, true],
      ],
      acc: 1.0,
    };
    const { scores: old, problems: none } = importResults([
      { path: "m/results_1.json", text: JSON.stringify(results).replace("0.25", "NaN") },
      { path: "m/samples_piqa_1.jsonl", text: `${JSON.stringify(sample)}\n` },
    ]);
    expect(none).toEqual([]);
    expect(old[0]!.name).toBe("org/m");
    expect(old[0]!.tasks[0]!.values.map((v) => [v.metric, v.filter, v.value, v.stderr])).toEqual([
      ["acc", null, 0.5, 0.1],
      ["acc_norm", null, Number.NaN, null],
    ]);
    expect(old[0]!.tasks[0]!.items).toMatchObject([
      { id: 3, sums: [-1.5, -0.5], greedy: [false, true], target: "1", values: { acc: 1 } },
    ]);
  });

  it("of the workbench come back with their mixture", async () => {
    const { tasks, scores: row } = ownTasks(read);
    const run = {
      tasks,
      groups: [],
      scores: row,
      model: "mix",
      parameters: 1,
      maxLength: 8,
      startedAt: 1e12,
    };
    const more = { seconds: 1, limit: null, versions: {}, workbench: { alpha: { a: 0.25, b: 0.75 } } };
    const { scores: back, problems: none } = importResults(await lmEvalFiles({ ...run, ...more }));
    expect(none).toEqual([]);
    expect(back).toHaveLength(1);
    expect(back[0]).toMatchObject({ tool: "workbench", name: "mix", alpha: { a: 0.25, b: 0.75 } });
    expect(back[0]!.at).toBe("2001-09-09T01:46:40.000Z");
    expect(back[0]!.tasks.every((t) => t.items !== null)).toBe(true);
  });

  it("that are damaged are refused by file and place, and the others are kept", () => {
    const broken = lmEval[1]!.text.replace('"doc_id": 2', '"doc_id": 1');
    const { scores: kept, problems: told } = importResults([
      lmEval[0]!,
      { ...lmEval[1]!, text: broken },
      lmEval[2]!,
    ]);
    expect(told.map(sentence).join()).toMatch(/samples_own_choice_.*line 3: item 1 stands there twice/);
    expect(kept[0]!.tasks[1]!.items).toHaveLength(5);
    expect(kept[0]!.tasks[0]!.items).toBeNull();
    const cut = { ...lmEval[1]!, text: lmEval[1]!.text.slice(0, 2000) };
    expect(says(cut)).toMatch(/samples_own_choice.*line \d, column/);
    expect(says({ path: "results_x.json", text: '{"results": {}}' })).toMatch(
      /results_x\.json.*no "results"/,
    );
    expect(says({ path: "results_x.json", text: '{"results": {"a": 1}}' })).toMatch(/no object for "a"/);
    expect(says({ path: "results_x.json", text: '{"results": {"a": {"acc,none": "N/A"}}}' })).toMatch(
      /number/,
    );
    expect(says({ path: "notes.md", text: "" })).toMatch(/notes\.md.*no results file/);
  });
});

describe("OpenCompass's files", () => {
  const SUMMARY = [
    'dataset,version,metric,mode,model-a,"model, b"',
    "--------- General ---------,-,-,-,-,-",
    "piqa,1194eb,accuracy,ppl,77.50,-",
    "openai_humaneval,8e312c,humaneval_pass@1,gen,12.20,6.1",
    "openai_humaneval,8e312c,humaneval_pass,gen,20,10",
    "wikitext-2,abc,average_ppl,ll,9.5,11",
  ].join("\r\n");

  it("name several models in a summary, shares in per cent", () => {
    const path = "outputs/20260102_030405/summary/summary_20260102_030405.csv";
    const { scores, problems } = importResults([{ path, text: SUMMARY }]);
    expect(problems).toEqual([]);
    expect(scores.map((s) => [s.name, s.at, s.tasks.length])).toEqual([
      ["model-a", "2026-01-02T03:04:05.000Z", 3],
      ["model, b", "2026-01-02T03:04:05.000Z", 2],
    ]);
    const [piqa, humaneval, wiki] = scores[0]!.tasks;
    expect(asShare(piqa!.values[0]!)).toBeCloseTo(0.775);
    expect(piqa!.values[0]!.filter).toBe("ppl");
    expect(humaneval!.values.map((v) => v.metric)).toEqual(["humaneval_pass@1", "humaneval_pass"]);
    expect(asShare(wiki!.values[0]!)).toBe(9.5);
  });

  it("are refused by row and cell", () => {
    const summary = (text: string) => says({ path: "summary.csv", text });
    expect(summary(SUMMARY.replace("77.50", "many"))).toMatch(/summary\.csv: row 3: "many" of "model-a"/);
    expect(summary(SUMMARY.replace(",-\r\nopenai", "\r\nopenai"))).toMatch(/row 3 has 5 cells/);
    expect(summary(SUMMARY.replace("metric,mode", "mode,metric"))).toMatch(/column 3 is not "metric"/);
    expect(summary(`${SUMMARY}\n"a`)).toMatch(/row 7 has a quote/);
    expect(summary("dataset,version,metric,mode\n")).toMatch(/no column of a model/);
  });

  it("hold items in predictions and results", () => {
    const ppl = {
      0: {
        "in-context examples": "",
        prediction: "A",
        gold: "B",
        "label: A": { "testing input": "q a", prompt: "q a", PPL: 1.25 },
        "label: B": { "testing input": "q b", prompt: "q b", PPL: 1.5 },
      },
    };
    const gen = { 0: { origin_prompt: [{ role: "HUMAN", prompt: "1+1=" }], prediction: "2\n", gold: "2" } };
    const details = {
      accuracy: 50,
      details: {
        0: { pred: "2", answer: "2", correct: true },
        1: { pred: "3", answer: "2", correct: false },
      },
    };
    const { scores, problems } = importResults([
      { path: "predictions/model-a/piqa.json", text: JSON.stringify(ppl, null, 4) },
      { path: "predictions/model-a/sums_0.json", text: JSON.stringify(gen, null, 4) },
      { path: "results/model-a/sums.json", text: JSON.stringify(details, null, 4) },
    ]);
    expect(problems).toEqual([]);
    expect(scores.map((s) => [s.name, s.tasks[0]!.task])).toEqual([
      ["model-a", "piqa"],
      ["model-a", "sums"],
      ["model-a", "sums"],
    ]);
    expect(scores[0]!.tasks[0]!.items).toMatchObject([
      {
        sums: [-1.25, -1.5],
        target: "B",
        values: { correct: 0 },
        requests: [{ continuation: "A" }, { continuation: "B" }],
      },
    ]);
    expect(scores[1]!.tasks[0]!.items).toMatchObject([{ texts: ["2\n"], requests: [{ context: "1+1=" }] }]);
    expect(scores[2]!.tasks[0]).toMatchObject({ n: 2, values: [{ metric: "accuracy", value: 50 }] });
    const odd = JSON.stringify({ 0: { "label: A": {}, prediction: "A" } });
    expect(says({ path: "predictions/m/x.json", text: odd })).toMatch(
      /x\.json: item "0" has no "PPL" for "label: A"/,
    );
  });

  it("are told from others by name and beginning", () => {
    expect(resultsKind("a/summary_1.csv", "dataset,version,metric,mode,m")).toBe("opencompass-summary");
    expect(resultsKind("a/loss.csv", "index,metric/x")).toBeNull();
    expect(resultsKind("a/results_1.json", "{")).toBe("lm-eval-results");
    expect(resultsKind("a/data.jsonl", '{"question": 1}')).toBeNull();
    expect(resultsKind("a/recipe.json", '{"format": "demix-recipe"}')).toBeNull();
  });
});
