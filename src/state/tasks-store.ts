import { create } from "zustand";
import type { Problem } from "../core/result";
import type { TaskBundle } from "../protocol/task-protocol";
import type { FoundFile } from "./found-files";
import type { SavedTaskSet } from "./saved-task-sets";
import { EMPTY_DRAFT, type TaskDraft } from "./task-draft";

/** The items of the tasks in use; `hash` is their layout's. */
export type InUse =
  | { readonly state: "reading" }
  | { readonly state: "known"; readonly hash: string; readonly bundle: TaskBundle }
  | { readonly state: "unknown"; readonly problem: Problem };

interface TasksState {
  readonly inUse: InUse;
  /** The task set on the workbench: the one in use, or one that is being put together. */
  readonly draft: TaskDraft;
  /** Whether the draft is what is in use. */
  readonly isInUse: boolean;
  /** Files that were dropped or chosen, in that order. */
  readonly found: readonly FoundFile[];
  readonly saved: readonly SavedTaskSet[];
  /** The engine is given the draft's tasks. */
  readonly applying: boolean;
  readonly problem: Problem | null;
}

/** What is measured, and what is to be. */
export const useTasks = create<TasksState>(() => ({
  inUse: { state: "reading" },
  draft: EMPTY_DRAFT,
  isInUse: true,
  found: [],
  saved: [],
  applying: false,
  problem: null,
}));
