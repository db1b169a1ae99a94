import type { TaskGroup } from "../scoring/task";
import type { MetricValue } from "./task-metrics";

export interface GroupValue {
  readonly key: string;
  readonly value: number;
  readonly stderr: number | null;
  /** Items behind it. */
  readonly count: number;
}

export interface MeasuredTask {
  readonly id: string;
  readonly n: number;
  readonly values: readonly MetricValue[];
}

/** What a group aggregates over its tasks, by lm-eval's rules: means and pooled standard errors. */
export function groupMetrics(
  { tasks, aggregates }: TaskGroup,
  measured: readonly MeasuredTask[],
): GroupValue[] {
  const inside = tasks.flatMap((id) => measured.filter((t) => t.id === id));
  return aggregates.flatMap(({ metric, filters, weightBySize }) => {
    const found = inside.flatMap((t) => t.values.filter((v) => v.name === metric).map((v) => v.filter));
    const names = filters ?? [...new Set(found)].sort();
    return names.flatMap((filter): GroupValue[] => {
      const parts = inside.flatMap(({ n, values }) =>
        values.filter((v) => v.name === metric && v.filter === filter).map((v) => ({ n, ...v })),
      );
      if (parts.length === 0) return [];
      const count = parts.reduce((sum, p) => sum + p.n, 0);
      const weights = parts.map((p) => (weightBySize ? p.n / count : 1 / parts.length));
      return [
        {
          key: `${metric},${filter}`,
          value: parts.reduce((sum, p, i) => sum + weights[i]! * p.value, 0),
          stderr: weightBySize ? pooled(parts, count) : unweighted(parts),
          count,
        },
      ];
    });
  });
}

type Part = { readonly n: number; readonly stderr: number | null };

function pooled(parts: readonly Part[], count: number): number | null {
  let sum = 0;
  for (const { n, stderr } of parts) {
    if (stderr === null) return null;
    sum += (n - 1) * stderr ** 2 * n;
  }
  return Math.sqrt(sum / (count - parts.length) / count);
}

function unweighted(parts: readonly Part[]): number | null {
  let sum = 0;
  for (const { stderr } of parts) {
    if (stderr === null) return null;
    sum += stderr ** 2;
  }
  return Math.sqrt(sum) / parts.length;
}
