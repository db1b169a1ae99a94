import { fail, type Problem, type Result } from "../result";
import type { ImportedScores, ImportedTask } from "./imported-scores";
import { readLmEvalResults } from "./read-lm-eval-results";
import { dateOfResults, readLmEvalSamples, taskOfSamples } from "./read-lm-eval-samples";
import { readOpenCompassItems } from "./read-opencompass-items";
import { readOpenCompassSummary } from "./read-opencompass-summary";

/** A file of a chosen folder: its path inside it, and its text. */
export interface ResultsText {
  readonly path: string;
  readonly text: string;
}

export interface ImportedResults {
  readonly scores: readonly ImportedScores[];
  /** Files that could not be read, each with its place. */
  readonly problems: readonly Problem[];
}

/** What a file is, by its name and first characters; null for one of another kind. */
export function resultsKind(
  path: string,
  start: string,
): "lm-eval-results" | "lm-eval-samples" | "opencompass-summary" | "opencompass-items" | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/\.csv$/i.test(name))
    return /^\ufeff?"?dataset"?,"?version"?,/.test(start) ? "opencompass-summary" : null;
  if (/\.jsonl$/i.test(name)) return /"doc_id"\s*:/.test(start.slice(0, 2000)) ? "lm-eval-samples" : null;
  if (!/\.json$/i.test(name)) return null;
  if (/^results_/.test(name) || /^\s*\{\s*"results"\s*:/.test(start)) return "lm-eval-results";
  if (/^\s*\{\s*"(?:\d+"\s*:\s*\{|accuracy"|score"|details"|type")/.test(start)) return "opencompass-items";
  return null;
}

/**
 * Reads results files of a folder, nested or not: lm-eval's results with the samples of the same folder and date, OpenCompass's
 * summaries and items. What one file holds is never lost to another's fault.
 */
export function importResults(files: readonly ResultsText[]): ImportedResults {
  const problems: Problem[] = [];
  const scores: ImportedScores[] = [];
  const keep = <T>(result: Result<T>, take: (value: T) => void) => {
    if (result.ok) take(result.value);
    else problems.push(result.problem);
  };
  const samples: { path: string; folder: string; task: string; date: string | null; text: string }[] = [];
  const dated = new Map<string, number>();
  for (const { path, text } of files)
    switch (resultsKind(path, text.slice(0, 4096))) {
      case "lm-eval-results":
        keep(readLmEvalResults(text, path), (read) => {
          dated.set(`${folderOf(path)} ${dateOfResults(path)}`, scores.length);
          scores.push(read);
        });
        break;
      case "lm-eval-samples": {
        const named = taskOfSamples(path);
        const task = named?.task ?? path.slice(path.lastIndexOf("/") + 1).replace(/\.jsonl$/, "");
        samples.push({ path, folder: folderOf(path), task, date: named?.date ?? null, text });
        break;
      }
      case "opencompass-summary":
        keep(readOpenCompassSummary(text, path), (read) => scores.push(...read));
        break;
      case "opencompass-items":
        keep(readOpenCompassItems(text, path), (read) => scores.push(read));
        break;
      case null:
        keep(
          fail("bad-file", "is no results file that is known here.", { file: path, remedy: KNOWN }),
          () => undefined,
        );
    }
  for (const { path, folder, task, date, text } of samples)
    keep(readLmEvalSamples(text, path), (items) => {
      const key = `${folder} ${date}`;
      const at = dated.get(key) ?? scores.length;
      dated.set(key, at);
      const before = scores[at] ?? alone(folder, path);
      scores[at] = withItems(before, task, items, path);
    });
  return { scores, problems };
}

const KNOWN =
  "Choose results_….json and samples_….jsonl of lm-eval, or a summary_….csv or a JSON file of predictions or results of OpenCompass.";

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

const alone = (folder: string, path: string): ImportedScores => ({
  tool: "lm-eval",
  name: folder.split("/").at(-2) ?? path,
  files: [],
  at: null,
  alpha: null,
  tasks: [],
});

function withItems(
  scores: ImportedScores,
  task: string,
  items: ImportedTask["items"],
  path: string,
): ImportedScores {
  const files = [...scores.files, path];
  const known = scores.tasks.some((t) => t.task === task);
  const plain = {
    version: null,
    nShot: null,
    n: new Set(items?.map((i) => i.id)).size,
    members: null,
    values: [],
  };
  const tasks = known
    ? scores.tasks.map((t) => (t.task === task ? { ...t, items } : t))
    : [...scores.tasks, { task, ...plain, items }];
  return { ...scores, files, tasks };
}
