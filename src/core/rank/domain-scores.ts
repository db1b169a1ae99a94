import { resample } from "../scoring/bootstrap";
import { itemTerms, link } from "../scoring/item-terms";
import { tasksByDomain, viewMetric } from "../scoring/score-table";
import type { MetricId, ScoreView, TaskSetLayout } from "../scoring/task";
import type { RandomSource } from "../seeded-random";

interface TaskTerms {
  readonly metric: MetricId;
  /** Items common to all rows. */
  readonly items: number;
  /** items × rows, row-major: an item's numerators next to each other. */
  readonly numerators: Float64Array;
  /** Per item; a denominator never depends on the mixture. */
  readonly denominators: Float64Array;
}

/** Domain scores of many rows of item scores, with item terms kept so that items can be resampled quickly. */
export interface DomainScores {
  readonly domains: readonly { readonly id: string; readonly label: string }[];
  readonly rows: number;
  /** Items of all tasks that every row has scored. */
  readonly items: number;
  /** domains × rows with all common items. */
  readonly values: Float64Array[];
  /** The same for one resample of the items: the same items for every row. */
  draw(random: RandomSource): Float64Array[];
}

/** `rows` are rows of item scores; only items that every row has scored count. */
export function domainScores(
  layout: TaskSetLayout,
  rows: readonly Float32Array[],
  view: ScoreView,
): DomainScores {
  const domains = tasksByDomain(layout).map(({ id, label, tasks }) => ({
    id,
    label,
    tasks: tasks.map((task): TaskTerms => {
      const metric = viewMetric(task.spec, view);
      const terms = rows.map((row) => itemTerms(metric, task, row));
      const common: number[] = [];
      for (let i = 0; i < task.block.items; i++) {
        if (terms.every((t) => !Number.isNaN(t.numerator[i]!))) common.push(i);
      }
      const numerators = new Float64Array(common.length * rows.length);
      common.forEach((item, at) => {
        terms.forEach((t, r) => {
          numerators[at * rows.length + r] = t.numerator[item]!;
        });
      });
      const denominators = Float64Array.from(common, (i) => terms[0]!.denominator[i]!);
      return { metric, items: common.length, numerators, denominators };
    }),
  }));
  const values = (random: RandomSource | null) =>
    domains.map(({ tasks }) => {
      const sum = new Float64Array(rows.length);
      for (const task of tasks) addScores(task, rows.length, random, 1 / tasks.length, sum);
      return sum;
    });
  return {
    domains: domains.map(({ id, label }) => ({ id, label })),
    rows: rows.length,
    items: domains.reduce((s, d) => s + d.tasks.reduce((t, task) => t + task.items, 0), 0),
    values: values(null),
    draw: values,
  };
}

function addScores(
  task: TaskTerms,
  rows: number,
  random: RandomSource | null,
  factor: number,
  into: Float64Array,
): void {
  const counts = new Float64Array(task.items).fill(1);
  if (random) resample(counts, random);
  const sums = new Float64Array(rows);
  let size = 0;
  for (let i = 0; i < task.items; i++) {
    const count = counts[i]!;
    if (count === 0) continue;
    size += count * task.denominators[i]!;
    const at = i * rows;
    for (let r = 0; r < rows; r++) sums[r]! += count * task.numerators[at + r]!;
  }
  for (let r = 0; r < rows; r++) into[r]! += factor * link(task.metric, sums[r]! / size);
}
