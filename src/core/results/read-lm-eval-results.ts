import { quote } from "../checkpoint/quote";
import { isObject, type Json, type JsonObject } from "../checkpoint/strict-json";
import { fail, ok, type Result } from "../result";
import type { ImportedScores, ImportedTask, ImportedValue } from "./imported-scores";
import { listOf, numberAt, objectAt, readObject, textAt } from "./read-json";

const REMEDY = "Choose a results file that lm-eval wrote (results_….json).";

/** Reads lm-eval's results file: 0.4.x ("acc,none") and older ones ("acc"); also the workbench's own, whose α it keeps. */
export function readLmEvalResults(text: string, file: string): Result<ImportedScores> {
  const bad = (message: string) => fail("bad-file", message, { file, remedy: REMEDY });
  const json = readObject(text, file, REMEDY);
  if (!json.ok) return json;
  const results = objectAt(json.value, "results");
  if (!results || results.size === 0) return bad('has no "results", so it is no results file of lm-eval.');
  const tasks: ImportedTask[] = [];
  for (const [name, metrics] of results) {
    if (!isObject(metrics)) return bad(`"results" holds no object for ${quote(name)}.`);
    const task = readTask(name, metrics, json.value);
    if (typeof task === "string") return bad(task);
    if (task.values.length > 0) tasks.push(task);
  }
  if (tasks.length === 0) return bad('no task in "results" has a number.');
  const own = objectAt(json.value, "workbench");
  const shares = own && objectAt(own, "alpha");
  const seconds = numberAt(json.value, "date");
  return ok({
    tool: own ? "workbench" : "lm-eval",
    name: modelName(json.value) ?? folderOf(file),
    files: [file],
    at: seconds !== null && seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000).toISOString() : null,
    alpha: shares && readShares(shares),
    tasks,
  });
}

function readTask(name: string, metrics: JsonObject, file: JsonObject): ImportedTask | string {
  const better = objectAt(file, "higher_is_better");
  const ofTask = better && objectAt(better, name);
  const values: ImportedValue[] = [];
  for (const [key, value] of metrics) {
    const [metric = "", filter = null] = splitKey(key);
    if (typeof value !== "number" || metric === "" || NO_METRIC.has(key) || metric.endsWith("_stderr"))
      continue;
    const stderrKey = filter === null ? `${metric}_stderr` : `${metric}_stderr,${filter}`;
    const stderr = numberAt(metrics, stderrKey);
    if (stderr !== null && stderr < 0)
      return `the standard error ${quote(stderrKey)} of ${quote(name)} is negative.`;
    const higher = ofTask?.get(metric);
    values.push({
      metric,
      filter,
      value,
      stderr,
      higherIsBetter: typeof higher === "boolean" ? higher : null,
      percent: false,
    });
  }
  const counts = objectAt(file, "n-samples");
  const counted = counts && objectAt(counts, name);
  const groups = objectAt(file, "group_subtasks");
  const members = listOf(groups?.get(name))?.filter((m): m is string => typeof m === "string");
  const version = objectAt(file, "versions")?.get(name);
  const shots = objectAt(file, "n-shot");
  return {
    task: name,
    version: typeof version === "number" || typeof version === "string" ? String(version) : null,
    nShot: shots && numberAt(shots, name),
    n: numberAt(metrics, "sample_len") ?? (counted && numberAt(counted, "effective")),
    members: members && members.length > 0 ? members : null,
    values,
    items: null,
  };
}

const NO_METRIC: ReadonlySet<string> = new Set(["name", "alias", "sample_len", "sample_count", " "]);

/** "acc,none" → metric and filter. */
function splitKey(key: string): [string, string | null] {
  const comma = key.indexOf(",");
  return comma < 0 ? [key, null] : [key.slice(0, comma), key.slice(comma + 1)];
}

function modelName(file: JsonObject): string | null {
  const name = textAt(file, "model_name");
  if (name) return name;
  const config = objectAt(file, "config");
  if (!config) return null;
  return pretrained(config.get("model_args")) ?? textAt(config, "model");
}

function pretrained(args: Json | undefined): string | null {
  if (isObject(args)) return textAt(args, "pretrained");
  if (typeof args !== "string") return null;
  return /(?:^|,)pretrained=([^,]+)/.exec(args)?.[1] ?? null;
}

function readShares(shares: JsonObject): Readonly<Record<string, number>> | null {
  const entries = [...shares].filter((e): e is [string, number] => typeof e[1] === "number" && e[1] >= 0);
  return entries.length === shares.size && entries.length > 0 ? Object.fromEntries(entries) : null;
}

/** lm-eval names a model's folder after it. */
function folderOf(file: string): string {
  const parts = file.split("/");
  return parts.at(-2) ?? file;
}
