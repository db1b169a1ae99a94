import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { MergeChoice } from "../../core/merge/merge-choice";
import type { Recipe } from "../../core/recipe/recipe";
import type { Problem } from "../../core/result";
import { useWorkbench } from "../../state/workbench-store";

export interface OpenedRecipe {
  readonly file: string;
  readonly recipe: Recipe;
}

interface RecipeDraft {
  readonly name: string;
  readonly note: string;
  /** The recipe file opened last, to be compared with what is measured now. */
  readonly opened: OpenedRecipe | null;
  /** Why the file dropped or chosen last was refused. */
  readonly problem: Problem | null;
  /** What a file that was opened says and the result does not depend on. */
  readonly notes: readonly string[];
  /** A method without weights that the recipe merges by; null for the one under the cursor. */
  readonly method: MergeChoice | null;
}

/** What the person has written; name and note outlive a reload. */
export const useRecipeDraft = create<RecipeDraft>()(
  persist(
    (): RecipeDraft => ({
      name: "Untitled mixture",
      note: "",
      opened: null,
      problem: null,
      notes: [],
      method: null,
    }),
    { name: "demix-recipe-draft", version: 1, partialize: ({ name, note }) => ({ name, note }) },
  ),
);

// What was opened belongs to the set that was open.
useWorkbench.subscribe((now, before) => {
  const reference = now.set.phase === "ready" ? now.set.set.reference : null;
  if (before.set.phase === "ready" && before.set.set.reference !== reference)
    useRecipeDraft.setState({ opened: null, problem: null, notes: [], method: null });
});
