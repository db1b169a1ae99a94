import { LINEAR } from "../core/merge/merge-choice";
import { fail, ok, type Result } from "../core/result";
import { importResults } from "../core/results/import-results";
import { importedRow } from "../core/results/imported-row";
import { lmEvalFiles, type NamedFile } from "../core/results/lm-eval-results";
import { measurementAddress, measurementKey, subjectText } from "../core/scoring/address";
import type { ItemDetail } from "../core/scoring/item-outcome";
import type { Measurement } from "../core/scoring/measurement";
import type { TaskBundle } from "../protocol/task-protocol";
import { itemDetails } from "./item-details";
import { useMixture } from "./mixture-store";
import { type LoadedSet, useWorkbench } from "./workbench-store";

/** A measurement as lm-eval's results and samples files. */
export async function resultsFiles(
  { spec, layout }: LoadedSet,
  bundle: TaskBundle,
  record: Measurement,
): Promise<NamedFile[]> {
  const details = await itemDetails(record.address);
  const tasks = layout.tasks.map((task, t) => {
    const said = new Array<ItemDetail | null>(task.block.items).fill(null);
    for (const detail of details) if (detail.task === t) said[detail.item] = detail;
    return { layout: task, items: bundle.items[t]!, details: said, original: task.block.items };
  });
  const { engine } = useWorkbench.getState();
  const info = engine.phase === "ready" ? engine.opened.set : null;
  const longest = info?.config.max_position_embeddings;
  const { subject, method } = record.key;
  const shares =
    subject.kind === "base"
      ? spec.base.label
      : spec.components.map((c, i) => `${c.label}-${Math.round(subject.alpha[i]! * 1000) / 10}`).join("_");
  return lmEvalFiles({
    tasks,
    groups: layout.groups ?? [],
    scores: record.scores,
    model: `${spec.name}/${shares}`,
    parameters: info?.parameters ?? 0,
    maxLength: typeof longest === "number" ? longest : null,
    startedAt: Date.parse(record.at) - 1000 * record.seconds,
    seconds: record.seconds,
    limit: null,
    versions: record.versions,
    workbench: { set: record.key.set, tasks: record.key.tasks, subject, method, origin: record.origin },
  });
}

export interface TakenResults {
  readonly record: Measurement;
  /** Items that were found, by the task's label. */
  readonly matched: readonly { readonly label: string; readonly found: number; readonly items: number }[];
}

/**
 * Results files of another tool → a measurement of the mixture under the cursor: items count where their prompts and
 * continuations are those of the tasks in use.
 */
export async function takeResults(
  set: LoadedSet,
  bundle: TaskBundle,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<Result<TakenResults>> {
  const { scores, problems } = importResults(files);
  if (scores.length === 0)
    return problems[0]
      ? { ok: false, problem: problems[0] }
      : fail("bad-file", "No file holds results of lm-eval or OpenCompass.", {
          remedy: "Choose results_*.json with samples_*.jsonl, or OpenCompass's files of items.",
        });
  if (set.hash === null)
    return fail("bad-set", "The set's weights were not read yet.", {
      remedy: "Let the health check on the Set page finish.",
    });
  const { layout } = set;
  const rows = scores.map((one) => importedRow(layout, bundle.items, one));
  const row = rows.reduce((best, r) => (sum(r.matched) > sum(best.matched) ? r : best));
  const done = sum(row.matched);
  if (done === 0)
    return fail("bad-file", "None of their items is an item of the tasks in use.", {
      file: files[0]!.path,
      remedy: "Choose the samples files too, and use the tasks that were scored there.",
    });
  const { alpha, method } = useMixture.getState();
  const key = measurementKey(set.hash, layout.hash, { kind: "mixture", alpha }, method ?? LINEAR);
  const known = useWorkbench.getState().bySubject.get(subjectText(key.subject));
  if (known && known.done >= done)
    return fail("bad-file", `This mixture is measured already, on ${known.done} items.`, {
      file: files[0]!.path,
      remedy: "Move the mixture to the one that the files are about.",
    });
  const record: Measurement = {
    address: await measurementAddress(key),
    key,
    scores: row.scores,
    done,
    total: layout.tasks.reduce((n, t) => n + t.block.items, 0),
    backend: "imported",
    origin: "imported",
    at: new Date().toISOString(),
    seconds: 0,
    versions: {},
  };
  const matched = layout.tasks.map((t, i) => ({
    label: t.spec.label,
    found: row.matched[i]!,
    items: t.block.items,
  }));
  return ok({ record, matched });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
