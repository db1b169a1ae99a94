import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LmEvalRun, lmEvalFiles } from "../../core/results/lm-eval-results";
import type { ScoredTask } from "../../core/results/scored-task";
import { taskMetrics } from "../../core/results/task-metrics";
import type { ItemDetail } from "../../core/scoring/item-outcome";
import type { TaskSetLayout } from "../../core/scoring/task";
import type { TaskBundle } from "../../protocol/task-protocol";

/** A measured task set with what the model said of its items. */
export function scoredTasks(
  layout: TaskSetLayout,
  { items }: TaskBundle,
  details: readonly ItemDetail[],
  originals: readonly number[],
): ScoredTask[] {
  const byTask = layout.tasks.map(({ block }) => new Array<ItemDetail | null>(block.items).fill(null));
  for (const detail of details) byTask[detail.task]![detail.item] = detail;
  return layout.tasks.map((task, t) => ({
    layout: task,
    items: items[t]!,
    details: byTask[t]!,
    original: originals[t] ?? task.block.items,
  }));
}

/** Writes results and samples into the model's folder inside `out`; gives the paths. */
export async function writeLmEvalFiles(out: string, run: LmEvalRun): Promise<string[]> {
  const written: string[] = [];
  for (const { path, text } of await lmEvalFiles(run)) {
    const file = join(out, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    written.push(file);
  }
  return written;
}

/** Every metric of every task with its standard error, one line each. */
export function sayMetrics(tasks: readonly ScoredTask[], scores: Float32Array): void {
  for (const task of tasks) {
    const { id } = task.layout.spec;
    for (const { name, filter, value, stderr } of taskMetrics(task, scores)) {
      const error = stderr === null ? "" : ` ± ${stderr.toFixed(4)}`;
      console.log(
        `  ${id}  ${filter === "none" ? name : `${name} (${filter})`}  ${value.toFixed(4)}${error}`,
      );
    }
  }
}

/** A model's longest input by its config, in tokens; null where the config does not say. */
export function maxLengthOf(config: Readonly<Record<string, unknown>>): number | null {
  const stated = config.max_position_embeddings ?? config.n_positions;
  return typeof stated === "number" ? stated : null;
}
