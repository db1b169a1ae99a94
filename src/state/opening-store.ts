import { create } from "zustand";
import type { Problem } from "../core/result";
import type { Progress } from "../protocol/engine-protocol";
import { EMPTY_DRAFT, type SetDraft } from "./compose-set";
import type { RecentSet } from "./recent-sets";
import type { SetFile } from "./set-file";

interface OpeningState {
  /** Checkpoints that are being put together as a set. */
  readonly draft: SetDraft;
  /** A set file some of whose members have to be found. */
  readonly file: SetFile | null;
  /** What does not belong to a checkpoint's row. */
  readonly problem: Problem | null;
  /** The set that is being opened. */
  readonly opening: { readonly name: string; readonly progress: Progress | null } | null;
  /** Folders are being searched, or a set file is being read: one short sentence. */
  readonly looking: string | null;
  /** For the Hugging Face hub; in memory only. */
  readonly token: string;
  readonly recents: readonly RecentSet[];
  /** Which recent set is open; null for the demo set. */
  readonly current: string | null;
}

export const useOpening = create<OpeningState>(() => ({
  draft: EMPTY_DRAFT,
  file: null,
  problem: null,
  opening: null,
  looking: null,
  token: "",
  recents: [],
  current: null,
}));

export const setDraft = (change: (draft: SetDraft) => SetDraft): void =>
  useOpening.setState((s) => ({ draft: change(s.draft), problem: null }));
