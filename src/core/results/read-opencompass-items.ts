import { quote } from "../checkpoint/quote";
import { isObject, type Json, type JsonObject } from "../checkpoint/strict-json";
import { fail, ok, type Result } from "../result";
import type { ImportedItem, ImportedScores, ImportedValue } from "./imported-scores";
import { numberAt, objectAt, readObject, textAt } from "./read-json";

const REMEDY = "Choose a file of OpenCompass's predictions/MODEL/ or results/MODEL/ folder.";

/**
 * Reads OpenCompass's per-item JSON: predictions/MODEL/DATASET.json (GEN: prompt and prediction; PPL: each label's prompt and
 * mean negative log-likelihood) or results/MODEL/DATASET.json (metrics, `details` where they were dumped). Folder and file
 * name model and dataset.
 */
export function readOpenCompassItems(text: string, file: string): Result<ImportedScores> {
  const bad = (message: string) => fail("bad-file", message, { file, remedy: REMEDY });
  const json = readObject(text, file, REMEDY);
  if (!json.ok) return json;
  const details = objectAt(json.value, "details");
  const values = readMetrics(json.value);
  const listed = numbered(details ?? json.value);
  if (listed.length === 0 && values.length === 0) return bad("holds neither items nor metrics.");
  const items: ImportedItem[] = [];
  for (const [id, item] of listed) {
    const read = details ? readDetail(id, item) : readPrediction(id, item);
    if (typeof read === "string") return bad(`item ${quote(String(id))} ${read}`);
    items.push(read);
  }
  const { model, dataset } = named(file);
  return ok({
    tool: "opencompass",
    name: model,
    files: [file],
    at: null,
    alpha: null,
    tasks: [
      {
        task: dataset,
        version: null,
        nShot: null,
        n: items.length > 0 ? items.length : null,
        members: null,
        values,
        items: items.length > 0 ? items : null,
      },
    ],
  });
}

function readMetrics(file: JsonObject): ImportedValue[] {
  const values: ImportedValue[] = [];
  for (const [metric, value] of file)
    if (typeof value === "number")
      values.push({ metric, filter: null, value, stderr: null, higherIsBetter: null, percent: true });
  return values;
}

const numbered = (object: JsonObject): [number, JsonObject][] =>
  [...object]
    .filter((entry): entry is [string, JsonObject] => /^\d{1,9}$/.test(entry[0]) && isObject(entry[1]))
    .map(([id, item]): [number, JsonObject] => [Number(id), item])
    .sort(([a], [b]) => a - b);

function readPrediction(id: number, item: JsonObject): ImportedItem | string {
  const labels = [...item].filter(
    (e): e is [string, JsonObject] => e[0].startsWith("label: ") && isObject(e[1]),
  );
  const prediction = item.get("prediction");
  if (prediction === undefined) return 'has no "prediction".';
  if (labels.length === 0) {
    const texts = (Array.isArray(prediction) ? prediction : [prediction]).map(plainText);
    return {
      ...EMPTY,
      id,
      requests: [{ context: promptText(item.get("origin_prompt")), continuation: null }],
      sums: [null],
      greedy: [null],
      texts,
      target: targetOf(item),
    };
  }
  const sums: number[] = [];
  const requests: ImportedItem["requests"][number][] = [];
  for (const [label, asked] of labels) {
    const mean = numberAt(asked, "PPL");
    if (mean === null) return `has no "PPL" for ${quote(label)}.`;
    // The mean negative log-likelihood over the prompt's tokens: the smallest wins.
    sums.push(-mean);
    requests.push({ context: promptText(asked.get("prompt")), continuation: label.slice("label: ".length) });
  }
  const gold = targetOf(item);
  const values: Record<string, number> =
    gold === null ? {} : { correct: plainText(prediction) === gold ? 1 : 0 };
  return { ...EMPTY, id, requests, sums, greedy: sums.map(() => null), target: gold, values };
}

function readDetail(id: number, item: JsonObject): ImportedItem | string {
  const correct = item.get("correct") ?? item.get("is_correct");
  const flags = Array.isArray(correct) ? correct : [correct];
  if (!flags.every((c): c is boolean => typeof c === "boolean"))
    return 'has no "correct" that is true or false.';
  const right = flags.filter(Boolean).length / flags.length;
  const said = item.get("pred") ?? item.get("predictions") ?? item.get("prediction");
  const prompt = promptText(item.get("prompt") ?? item.get("origin_prompt"));
  return {
    ...EMPTY,
    id,
    requests: [{ context: prompt, continuation: null }],
    sums: [null],
    greedy: [null],
    texts: said === undefined ? [] : (Array.isArray(said) ? said : [said]).map(plainText),
    target: plainText(item.get("answer") ?? item.get("references") ?? null),
    values: { correct: right },
  };
}

const EMPTY = { filter: null, texts: [], values: {} } as const;

const targetOf = (item: JsonObject): string | null => (item.has("gold") ? plainText(item.get("gold")) : null);

const plainText = (value: Json | undefined): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);

/** A prompt is a text, or a dialogue of turns. */
function promptText(prompt: Json | undefined): string {
  if (!Array.isArray(prompt)) return plainText(prompt);
  return prompt.map((turn) => (isObject(turn) ? (textAt(turn, "prompt") ?? "") : plainText(turn))).join("\n");
}

function named(file: string): { model: string; dataset: string } {
  const parts = file.split("/");
  return {
    dataset: (parts.at(-1) ?? file).replace(/(?:_\d+)?\.json$/, ""),
    model: parts.at(-2) ?? "a model",
  };
}
