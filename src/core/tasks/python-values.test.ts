import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyFilters } from "../scoring/apply-filters";
import { exactMatch } from "../scoring/exact-match";
import { findAll, pythonPattern } from "../scoring/python-pattern";
import { PythonRandom } from "../scoring/python-random";
import { countWords } from "../scoring/python-text";
import { translatePattern } from "../scoring/translate-pattern";
import { readTemplate } from "./apply-template";
import { pythonLiteral } from "./python-literal";
import { readFilters } from "./read-filters";
import { readMetrics } from "./read-metrics";

interface Values {
  samples: { seed: number; n: number; k: number; draws: number[][]; random: number; choices: number[] }[];
  templates: { template: string; doc: Record<string, unknown>; text?: string; error?: string }[];
  patterns: {
    pattern: string;
    texts: { text: string; all: (string | string[])[]; without: string }[];
  }[];
  refused: string[];
  literals: { text: string; value?: unknown }[];
  words: { text: string; words: number }[];
  multi: { kwargs: Record<string, unknown>; choices: string[]; texts: string[]; found: string[] }[];
  exact: { kwargs: Record<string, unknown>; pairs: { answer: string; target: string; value: number }[] }[];
}

const values = JSON.parse(readFileSync("reference/values/lm-eval/python.json", "utf8")) as Values;

it.each(values.samples)(
  "draws as random.Random($seed) does: $k of $n",
  ({ seed, n, k, draws, random, choices }) => {
    const mine = new PythonRandom(seed);
    const population = Array.from({ length: n }, (_, i) => i);
    expect(draws.map(() => mine.sample(population, k))).toEqual(draws);
    expect(mine.random()).toBe(random);
    expect(choices.map(() => Math.floor(mine.random() * n))).toEqual(choices);
  },
);

it.each(values.templates)("fills in $template as lm-eval's jinja2 does", ({ template, doc, text }) => {
  const read = readTemplate(template, "doc_to_text");
  const filled = read.ok ? read.value(doc) : read;
  if (text !== undefined) expect(filled).toEqual({ ok: true, value: text });
  else expect(filled.ok).toBe(false);
});

it.each(values.patterns)("finds what Python's $pattern finds", ({ pattern, texts }) => {
  for (const { text, all, without } of texts) {
    const found = findAll(pythonPattern(pattern), text);
    expect(found.map((groups) => (groups.length === 1 ? groups[0] : groups))).toEqual(all);
    expect(text.replace(pythonPattern(pattern), "")).toBe(without);
  }
});

it.each(values.refused)("refuses the pattern %s, which JavaScript cannot do the same way", (pattern) => {
  const read = translatePattern(pattern);
  expect(read.ok ? "" : read.problem.message).toContain(JSON.stringify(pattern));
});

it.each(values.literals)("reads the literal $text", ({ text, value }) => {
  expect(pythonLiteral(text)).toEqual(value);
});

describe("word counts", () => {
  it.each(values.words)("of $text", ({ text, words }) => expect(countWords(text)).toBe(words));
});

it.each(values.multi)(
  "finds answers as multi_choice_regex does: $kwargs",
  ({ kwargs, choices, texts, found }) => {
    const filter = [{ name: "f", filter: [{ function: "multi_choice_regex", ...kwargs }] }];
    const read = readFilters(filter, "generate_until", "task.yaml");
    if (!read.ok) throw new Error(read.problem.message);
    const item = { context: "", target: "", until: [], maxGenToks: 1, choices };
    expect(applyFilters(read.value![0]!.steps, texts, item)).toEqual(found);
  },
);

it.each(values.exact)("matches as exact_match does: $kwargs", ({ kwargs, pairs }) => {
  const read = readMetrics([{ metric: "exact_match", ...kwargs }], "generate_until", "task.yaml");
  if (!read.ok) throw new Error(read.problem.message);
  for (const { answer, target, value } of pairs)
    expect(exactMatch(answer, [target], read.value[0]!.exactMatch ?? {}), answer).toBe(value);
});
