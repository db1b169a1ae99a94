import { meanOf } from "./interval";
import type { Estimate, TargetId } from "./measurement";
import { metricEstimate } from "./metrics";
import type { MetricId, ScoreView, TaskLayout, TaskSetLayout, TaskSpec } from "./task";

export { standardError } from "./interval";

/** Scores of one row of item scores under one view: "macro", "domain:<id>" and "task:<id>". */
export type ScoreTable = Readonly<Record<TargetId, Estimate>>;

export interface Target {
  readonly id: TargetId;
  readonly label: string;
  readonly kind: "macro" | "domain" | "task";
  /** Domain id, of a domain or a task. */
  readonly domain?: string;
  /** Of a task: its accuracy-like and its continuous metric. */
  readonly metrics?: Readonly<Record<ScoreView, MetricId>>;
}

export const MACRO: TargetId = "macro";
export const domainTarget = (id: string): TargetId => `domain:${id}`;
export const taskTarget = (id: string): TargetId => `task:${id}`;

/** The metric that counts for a task under a view. */
export const viewMetric = (spec: TaskSpec, view: ScoreView): MetricId =>
  view === "continuous" ? spec.continuousMetric : spec.accuracyMetric;

/** Domains that have tasks, with them, in the order of the task set. */
export function tasksByDomain(layout: TaskSetLayout): { id: string; label: string; tasks: TaskLayout[] }[] {
  return layout.domains
    .map(({ id, label }) => ({ id, label, tasks: layout.tasks.filter((t) => t.spec.domain === id) }))
    .filter((d) => d.tasks.length > 0);
}

/** All targets in display order: the macro average, then each domain followed by its tasks. */
export function targetsOf(layout: TaskSetLayout): Target[] {
  const targets: Target[] = [{ id: MACRO, label: "Macro average", kind: "macro" }];
  for (const domain of tasksByDomain(layout)) {
    targets.push({ id: domainTarget(domain.id), label: domain.label, kind: "domain", domain: domain.id });
    for (const { spec } of domain.tasks) {
      const metrics = { continuous: spec.continuousMetric, accuracy: spec.accuracyMetric };
      targets.push({ id: taskTarget(spec.id), label: spec.label, kind: "task", domain: domain.id, metrics });
    }
  }
  return targets;
}

/** Targets of the domains, in order: what the search averages over (paper). */
export const domainTargets = (layout: TaskSetLayout): TargetId[] =>
  tasksByDomain(layout).map((d) => domainTarget(d.id));

/** Task estimates under the view; a domain is the mean of its tasks, the macro average the mean over domains. */
export function scoreTable(layout: TaskSetLayout, scores: Float32Array, view: ScoreView): ScoreTable {
  return aggregate(layout, (task) => metricEstimate(viewMetric(task.spec, view), task, scores));
}

/** A table from any per-task estimate. */
export function aggregate(layout: TaskSetLayout, estimate: (task: TaskLayout) => Estimate): ScoreTable {
  const table: Record<TargetId, Estimate> = {};
  const domains: Estimate[] = [];
  for (const domain of tasksByDomain(layout)) {
    const parts = domain.tasks.map((task) => {
      const value = estimate(task);
      table[taskTarget(task.spec.id)] = value;
      return value;
    });
    const mean = meanOf(parts);
    table[domainTarget(domain.id)] = mean;
    domains.push(mean);
  }
  table[MACRO] = meanOf(domains);
  return table;
}
