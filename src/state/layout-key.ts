import { canonicalJson } from "../core/canonical";
import type { TaskSetLayout } from "../core/scoring/task";

const known = new WeakMap<TaskSetLayout, string>();

/**
 * Equal for layouts that give equal score tables: same items, domains and counting metrics. (The hash alone names the
 * items: the same measurements may be read in other domains.)
 */
export function layoutKey(layout: TaskSetLayout): string {
  let key = known.get(layout);
  if (key === undefined) {
    const tasks = layout.tasks.map(({ spec }) => [
      spec.domain,
      spec.accuracyMetric,
      spec.continuousMetric,
      spec.accuracyFilter ?? "",
    ]);
    key = `${layout.hash} ${canonicalJson([layout.domains.map((d) => d.id), tasks])}`;
    known.set(layout, key);
  }
  return key;
}
