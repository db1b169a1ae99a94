import { ok } from "../../result";
import type { ComponentTensor } from "../merge-method";
import { bandsOf, type Places } from "./magnitude-threshold";
import { ALL, NONE, type Selection, type Selector } from "./selection";
import { sortedSelections } from "./sorted-selections";
import type { TaskVectors } from "./task-vectors";

/** TIES: the max(1, ⌊ρn⌋) entries of the largest magnitude; none at all for ρ = 0. */
export const selectLargest: Selector = (vectors) => {
  const { length } = vectors.task;
  return ok(
    selectPlaces(vectors, ({ settings: { density = 1 } }) => {
      if (density >= 1) return ALL;
      if (density <= 0) return NONE;
      return { order: "descending", top: Math.max(1, Math.trunc(density * length)) };
    }),
  );
};

/**
 * Breadcrumbs: ⌊ρn⌋ entries from below the ⌊γn⌋ largest ones on, in descending order of magnitude; fewer of the largest are
 * dropped where else not enough would be left.
 */
export const selectBelowOutliers: Selector = (vectors) => {
  const { length } = vectors.task;
  return ok(
    selectPlaces(vectors, ({ settings: { density = 1, gamma = 0 } }) => {
      if (density >= 1) return ALL;
      const kept = Math.trunc(density * length);
      const from = Math.max(0, length - kept - Math.trunc(gamma * length));
      return { order: "ascending", from, to: from + kept };
    }),
  );
};

function selectPlaces(
  vectors: TaskVectors,
  choose: (component: ComponentTensor) => Selection | Places,
): readonly Selection[] {
  const chosen = vectors.components.map(choose);
  const wanted = chosen.map((choice) => ("order" in choice ? choice : null));
  if (vectors.task.mergekit) {
    const sorted = sortedSelections(vectors, wanted);
    return chosen.map((choice, k) => ("order" in choice ? sorted[k]! : choice));
  }
  const bands = bandsOf(vectors, wanted);
  return chosen.map((choice, k) => ("order" in choice ? { kind: "band", band: bands[k]! } : choice));
}
