import { isObject, type Json, type JsonObject } from "../checkpoint/strict-json";
import { fail, ok, type Result } from "../result";
import type { ImportedItem } from "./imported-scores";
import { listOf, numberAt, readObject, textAt } from "./read-json";

const REMEDY = "Choose a samples file that lm-eval wrote (samples_TASK_….jsonl), whole.";

/** Reads lm-eval's samples_TASK_DATE.jsonl: one item a line and filter. */
export function readLmEvalSamples(text: string, file: string): Result<ImportedItem[]> {
  const items: ImportedItem[] = [];
  const seen = new Set<string>();
  for (const [n, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = `line ${n + 1}`;
    const json = readObject(line, file, REMEDY);
    if (!json.ok)
      return fail("bad-file", json.problem.message.replace(/line 1\b/, place), { file, remedy: REMEDY });
    const item = readItem(json.value);
    if (typeof item === "string") return fail("bad-file", `${place}: ${item}`, { file, remedy: REMEDY });
    const key = `${item.id} ${item.filter}`;
    if (seen.has(key))
      return fail("bad-file", `${place}: item ${item.id} stands there twice.`, { file, remedy: REMEDY });
    seen.add(key);
    items.push(item);
  }
  return items.length > 0 ? ok(items) : fail("bad-file", "holds no item.", { file, remedy: REMEDY });
}

function readItem(line: JsonObject): ImportedItem | string {
  const id = numberAt(line, "doc_id");
  if (id === null || !Number.isSafeInteger(id) || id < 0) return 'has no "doc_id".';
  const requests = readArguments(line.get("arguments"));
  if (!requests || requests.length === 0) return `item ${id} has no "arguments" that can be read.`;
  const resps = listOf(line.get("resps"));
  if (!resps || resps.length !== requests.length)
    return `item ${id} has ${resps?.length ?? "no"} "resps" for ${requests.length} requests.`;
  const answers = resps.map((resp) => (listOf(resp) ?? [resp]).map(readAnswer));
  const wrong = answers.findIndex((repeats) => repeats.length === 0 || repeats.includes(null));
  if (wrong >= 0) return `item ${id}: "resps" ${wrong} is neither a number with its flag nor a text.`;
  const first = answers.map((repeats) => repeats[0]!);
  const generated = first.every((a) => typeof a === "string");
  const sums = first.map((a) => (generated && requests.length === 1 ? textSum(a, line) : sumOf(a)));
  return {
    id,
    filter: textAt(line, "filter"),
    requests,
    sums,
    greedy: first.map((a) => (a !== null && typeof a === "object" ? a.greedy : null)),
    texts: generated && sums[0] === null ? (answers[0] ?? []).map((a) => String(a)) : [],
    target: targetText(line.get("target")),
    values: readValues(line),
  };
}

type Answer = string | { readonly sum: number; readonly greedy: boolean | null } | null;

/** A text, or [Σ log p, greedy], the two as texts in newer versions. */
function readAnswer(value: Json): Answer {
  if (typeof value === "string") return value;
  if (typeof value === "number") return { sum: value, greedy: null };
  const pair = listOf(value);
  if (!pair || pair.length === 0) return null;
  const sum = pythonNumber(pair[0]);
  if (sum === null) return null;
  const flag = pair[1];
  return { sum, greedy: flag === true || flag === "True" ? true : flag === undefined ? null : false };
}

const sumOf = (answer: Answer): number | null =>
  answer !== null && typeof answer === "object" ? answer.sum : null;

/** A rolling text's Σ log p stands there as a text, like a generated one: its metrics tell. */
function textSum(answer: Answer, line: JsonObject): number | null {
  const rolling = ["word_perplexity", "byte_perplexity", "bits_per_byte"].some((m) => line.has(m));
  return rolling && typeof answer === "string" ? pythonNumber(answer) : null;
}

/** A number, or its text as Python writes it. */
function pythonNumber(value: Json | undefined): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  if (value === "-inf") return Number.NEGATIVE_INFINITY;
  if (value === "nan") return Number.NaN;
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(value) ? Number(value) : null;
}

/** {"gen_args_0": {"arg_0": …, "arg_1": …}}, in older versions [[…, …]]. */
function readArguments(value: Json | undefined): ImportedItem["requests"] | null {
  const list = isObject(value) ? numbered(value, "gen_args_") : listOf(value);
  if (!list) return null;
  const requests: { context: string; continuation: string | null }[] = [];
  for (const entry of list) {
    const parts = isObject(entry) ? numbered(entry, "arg_") : (listOf(entry) ?? [entry]);
    const [context, continuation] = parts ?? [];
    if (typeof context !== "string") return null;
    requests.push({ context, continuation: typeof continuation === "string" ? continuation : null });
  }
  return requests;
}

function numbered(object: JsonObject, prefix: string): readonly Json[] | null {
  const values: Json[] = [];
  for (let i = 0; object.has(prefix + i); i++) values.push(object.get(prefix + i)!);
  return values.length === object.size ? values : null;
}

function targetText(target: Json | undefined): string | null {
  if (typeof target === "string") return target;
  return typeof target === "number" ? String(target) : null;
}

const FIELDS: ReadonlySet<string> = new Set([
  "doc_id",
  "doc",
  "target",
  "arguments",
  "resps",
  "filtered_resps",
  "filter",
  "metrics",
  "doc_hash",
  "prompt_hash",
  "target_hash",
]);

function readValues(line: JsonObject): Record<string, number> {
  const values: [string, number][] = [];
  for (const [key, value] of line) {
    if (FIELDS.has(key)) continue;
    if (typeof value === "number") values.push([key, value]);
    else if (typeof value === "boolean") values.push([key, value ? 1 : 0]);
  }
  return Object.fromEntries(values);
}

/** A name for messages. */
export const taskOfSamples = (file: string): { task: string; date: string } | null => {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const found = /^samples_(.+)_([^_]+)\.jsonl$/.exec(name);
  return found ? { task: found[1]!, date: found[2]! } : null;
};

export const dateOfResults = (file: string): string | null =>
  /^(?:.*\/)?results_([^_/]+)\.json$/.exec(file)?.[1] ?? null;
