import type { TaskSetLayout } from "../core/scoring/task";
import { layoutKey } from "./layout-key";
import type { LoadedSet } from "./workbench-store";

/** The set as it is scored on other tasks, or (null, or equal tasks) on its own again. */
export function scoredOn(set: LoadedSet, layout: TaskSetLayout | null): LoadedSet {
  const own = set.own ?? { layout: set.layout, unscored: set.unscored };
  if (layout === null || layoutKey(layout) === layoutKey(own.layout)) return { ...set, ...own, own: null };
  return { ...set, layout, unscored: null, own };
}
