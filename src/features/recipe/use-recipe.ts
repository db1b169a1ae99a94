import { useDeferredValue, useMemo } from "react";
import type { MergeChoice } from "../../core/merge/merge-choice";
import type { Mixture } from "../../core/mixture/mixture";
import { buildRecipe, type Recipe } from "../../core/recipe/recipe";
import { subjectText } from "../../core/scoring/address";
import type { Measurement } from "../../core/scoring/measurement";
import { mergedOf, useMergeOut } from "../../state/merge-out";
import { useMixture } from "../../state/mixture-store";
import { isComplete } from "../../state/records";
import { useSearch } from "../../state/search-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { useRecipeDraft } from "./recipe-draft";

export interface RecipeNow {
  readonly alpha: Mixture;
  readonly method: MergeChoice;
  readonly recipe: Recipe;
  /** Complete measurement of α, or null. */
  readonly record: Measurement | null;
  readonly base: Measurement | null;
}

const complete = (m: Measurement | undefined): Measurement | null => (m && isComplete(m) ? m : null);

/** The recipe of the mixture under the cursor. */
export function useRecipe(): RecipeNow {
  const set = useLoadedSet();
  const alpha = useDeferredValue(useMixture((s) => s.alpha));
  const shown = useDeferredValue(useMixture((s) => s.method));
  const { name, note, method: own } = useRecipeDraft();
  const method = own ?? shown;
  const text = subjectText({ kind: "mixture", alpha });
  const measured = useWorkbench((s) => complete(s.bySubject.get(text)));
  const record = own ? null : measured;
  const base = useWorkbench((s) => complete(s.bySubject.get(subjectText({ kind: "base" }))));
  const recommended = useWorkbench((s) => s.recommended);
  const planSeed = useSearch((s) => s.plan.seed);
  const out = useMergeOut((s) => s.out);
  const seed = recommended && recommended.join(" ") === alpha.join(" ") ? planSeed : null;
  const recipe = useMemo(() => {
    const plain = buildRecipe({
      name,
      note,
      set,
      tasks: set.layout,
      alpha,
      measurement: record,
      method,
      seed,
      writtenAt: new Date().toISOString(),
    });
    const merged = mergedOf(out, plain);
    return merged ? { ...plain, merged } : plain;
  }, [name, note, set, alpha, method, record, seed, out]);
  return { alpha, method, recipe, record, base };
}
