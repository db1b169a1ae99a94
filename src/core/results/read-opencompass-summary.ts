import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import type { ImportedScores, ImportedTask } from "./imported-scores";
import { parseCsv } from "./parse-csv";

const REMEDY = "Choose the summary_….csv that OpenCompass wrote.";
const HEAD = ["dataset", "version", "metric", "mode"];

/** Metrics that OpenCompass states as they are; it states all others in per cent. */
const PLAIN = /(?:^|_)(?:ppl|bpb|bpc|nll|loss|perplexity|count|num|length|standard_deviation|sum)(?:$|_)/i;

/** Reads OpenCompass's summary: one row a dataset and metric, one column a model. */
export function readOpenCompassSummary(text: string, file: string): Result<ImportedScores[]> {
  const bad = (message: string) => fail("bad-file", message, { file, remedy: REMEDY });
  const csv = parseCsv(text, file);
  if (!csv.ok) return csv;
  const [head = [], ...rows] = csv.value;
  const found = HEAD.findIndex((name, i) => head[i] !== name);
  if (found >= 0) return bad(`its column ${found + 1} is not "${HEAD[found]}".`);
  const models = head.slice(HEAD.length);
  if (models.length === 0) return bad("has no column of a model.");
  const twice = models.find((name, i) => models.indexOf(name) !== i);
  if (twice !== undefined) return bad(`two of its columns are ${quote(twice)}.`);
  const tasks = models.map((): Map<string, ImportedTask> => new Map());
  for (const [r, row] of rows.entries()) {
    const place = `row ${r + 2}`;
    if (row.length !== head.length)
      return bad(`${place} has ${row.length} cells, the first row ${head.length}.`);
    const [dataset = "", version = "", metric = "", mode = ""] = row;
    // Titles between the parts of a summary have no numbers.
    if (metric === "-" || metric === "" || dataset === "") continue;
    for (const [m, cell] of row.slice(HEAD.length).entries()) {
      if (cell === "-" || cell === "") continue;
      const value = Number(cell);
      if (!Number.isFinite(value))
        return bad(`${place}: ${quote(cell)} of ${quote(models[m]!)} is no number.`);
      const known = tasks[m]!.get(dataset);
      const added = {
        metric,
        filter: mode === "-" || mode === "" ? null : mode,
        value,
        stderr: null,
        higherIsBetter: PLAIN.test(metric) ? null : true,
        percent: !PLAIN.test(metric),
      };
      tasks[m]!.set(dataset, {
        task: dataset,
        version: version === "-" || version === "" ? null : version,
        nShot: null,
        n: null,
        members: null,
        values: [...(known?.values ?? []), added],
        items: null,
      });
    }
  }
  const scores = models.flatMap((name, m): ImportedScores[] => {
    const own = [...tasks[m]!.values()];
    if (own.length === 0) return [];
    return [{ tool: "opencompass", name, files: [file], at: dateOf(file), alpha: null, tasks: own }];
  });
  return scores.length > 0 ? ok(scores) : bad("holds no number.");
}

/** Summaries are named summary_YYYYMMDD_HHMMSS.csv, in local time. */
function dateOf(file: string): string | null {
  const found = /(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)[^/]*$/.exec(file);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year!, month! - 1, day, hour, minute, second));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
