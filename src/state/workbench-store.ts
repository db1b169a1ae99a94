import { create } from "zustand";
import type { ComponentSetSpec } from "../core/checkpoint/component-set";
import type { MergeChoice } from "../core/merge/merge-choice";
import type { Mixture } from "../core/mixture/mixture";
import type { Surface } from "../core/predict/surface";
import { type Problem, sentence } from "../core/result";
import type { Measurement, Subject, TrainedRun } from "../core/scoring/measurement";
import type { ScoreView, TaskSetLayout } from "../core/scoring/task";
import type { BackendInfo, OpenedSet, Progress, SetReference } from "../protocol/engine-protocol";
import type { FolderRef } from "../protocol/folder-ref";
import type { RecentSet } from "./recent-sets";

export interface LoadedSet {
  readonly reference: SetReference;
  /** Where the files lie that the set file names (references, design); null where it came without a folder. */
  readonly home: FolderRef | null;
  /** Null until all weights were read, where the set file does not state their checksums. */
  readonly hash: string | null;
  readonly spec: ComponentSetSpec;
  /** Without tasks where the set cannot be scored here. */
  readonly layout: TaskSetLayout;
  /** Why the set cannot be scored here; null where it can. */
  readonly unscored: Problem | null;
  /** Index of the pure general component, or null. */
  readonly general: number | null;
  /** The tasks that the set came with; null where they are those of `layout`. */
  readonly own: OwnTasks | null;
}

/** What a set is scored on by itself, kept while other tasks are in use. */
export interface OwnTasks {
  readonly layout: TaskSetLayout;
  readonly unscored: Problem | null;
}

export type SetStatus =
  | { readonly phase: "loading"; readonly name: string | null; readonly progress: Progress | null }
  | { readonly phase: "ready"; readonly set: LoadedSet }
  /** `recent` is there where the set that was open last can be opened by a click. */
  | { readonly phase: "failed"; readonly problem: Problem; readonly recent?: RecentSet };

/** The reading of all weights: update magnitudes, cosines, checksums. Its findings stand in `engine.opened.set`. */
export type HealthCheck =
  | { readonly phase: "idle" }
  | { readonly phase: "running"; readonly progress: Progress | null; readonly startedAt: number }
  | { readonly phase: "cancelled" }
  | { readonly phase: "failed"; readonly problem: Problem };

export type EngineStatus =
  | { readonly phase: "off" }
  | { readonly phase: "starting" }
  | { readonly phase: "opening"; readonly backend: BackendInfo; readonly progress: Progress | null }
  | { readonly phase: "ready"; readonly backend: BackendInfo; readonly opened: OpenedSet }
  | { readonly phase: "failed"; readonly problem: Problem };

/** A measurement in progress: item scores so far and the count behind them. */
export interface Running {
  readonly subject: Subject;
  readonly method: MergeChoice;
  readonly scores: Float32Array | null;
  readonly done: number;
  readonly total: number;
  /** Milliseconds since the page's time origin. */
  readonly startedAt: number;
  readonly by: "user" | "search";
  /** How far a model that is computed layer by layer is with the items that come next. */
  readonly progress?: Progress | undefined;
}

export interface FittedSurface {
  readonly surface: Surface;
  readonly view: ScoreView;
  /** Complete measurements behind the fit. */
  readonly rows: number;
}

interface WorkbenchState {
  readonly set: SetStatus;
  readonly engine: EngineStatus;
  readonly health: HealthCheck;
  /** Oldest first, complete and partial ones, of every merge method; all belong to the open set and task set. */
  readonly records: readonly Measurement[];
  /** Those of the method under the cursor, and of the base. */
  readonly measurements: readonly Measurement[];
  /** Index of `measurements` by subject text (core/scoring/address.ts). */
  readonly bySubject: ReadonlyMap<string, Measurement>;
  readonly runs: readonly TrainedRun[];
  readonly running: Running | null;
  readonly fitted: FittedSurface | null;
  readonly fitting: boolean;
  readonly fitProblem: Problem | null;
  /** The search's recommended mixture, if one has finished on this set. */
  readonly recommended: Mixture | null;
  /** Things that went wrong and were survived; newest last. */
  readonly notices: readonly { readonly id: number; readonly problem: Problem }[];
}

/** What belongs to one open set, as it is before anything is known. */
export const NOTHING_KNOWN = {
  health: { phase: "idle" },
  records: [],
  measurements: [],
  bySubject: new Map(),
  runs: [],
  running: null,
  fitted: null,
  fitting: false,
  fitProblem: null,
  recommended: null,
} as const satisfies Partial<WorkbenchState>;

export const useWorkbench = create<WorkbenchState>(() => ({
  set: { phase: "loading", name: null, progress: null },
  engine: { phase: "off" },
  ...NOTHING_KNOWN,
  notices: [],
}));

/** The open set, or null. */
export function openedSet(): LoadedSet | null {
  const { set } = useWorkbench.getState();
  return set.phase === "ready" ? set.set : null;
}

/** Whether measurements of the one are measurements of the other: same set, same tasks. */
export const sameWork = (a: LoadedSet | null, b: LoadedSet | null): boolean =>
  a?.reference === b?.reference && a?.layout.hash === b?.layout.hash;

let nextNotice = 1;

export function notice(problem: Problem): void {
  useWorkbench.setState((s) => {
    // Said once, however often it happens: at its newest place.
    const others = s.notices.filter((n) => sentence(n.problem) !== sentence(problem));
    return { notices: [...others, { id: nextNotice++, problem }].slice(-20) };
  });
}

export function dismissNotice(id: number): void {
  useWorkbench.setState((s) => ({ notices: s.notices.filter((n) => n.id !== id) }));
}

/** The open set; throws before it is there: call it only below a page that waits for it. */
export function useLoadedSet(): LoadedSet {
  const status = useWorkbench((s) => s.set);
  if (status.phase !== "ready") throw new Error("useLoadedSet: no set is open");
  return status.set;
}
