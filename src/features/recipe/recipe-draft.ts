import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Recipe } from "../../core/recipe/recipe";
import type { Problem } from "../../core/result";

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
}

/** What the person has written; name and note outlive a reload. */
export const useRecipeDraft = create<RecipeDraft>()(
  persist((): RecipeDraft => ({ name: "Untitled mixture", note: "", opened: null, problem: null }), {
    name: "demix-recipe-draft",
    version: 1,
    partialize: ({ name, note }) => ({ name, note }),
  }),
);
