import { create } from "zustand";
import type { ComponentSetSpec } from "../core/checkpoint/component-set";
import type { Mixture } from "../core/mixture/mixture";
import type { Surface } from "../core/predict/surface";
import type { Problem } from "../core/result";
import type { Measurement, Subject, TrainedRun } from "../core/scoring/measurement";
import type { ScoreView, TaskSetLayout } from "../core/scoring/task";
import type { BackendInfo, OpenedSet, Progress } from "../protocol/engine-protocol";

export interface LoadedSet {
  readonly url: string;
  readonly hash: string;
  readonly spec: ComponentSetSpec;
  readonly layout: TaskSetLayout;
  /** Index of the pure general component, or null. */
  readonly general: number | null;
}

export type SetStatus =
  | { readonly phase: "loading" }
  | { readonly phase: "ready"; readonly set: LoadedSet }
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
  readonly scores: Float32Array | null;
  readonly done: number;
  readonly total: number;
  /** Milliseconds since the page's time origin. */
  readonly startedAt: number;
  readonly by: "user" | "search";
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
  /** Oldest first, complete and partial ones; every one belongs to the open set and task set. */
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

export const useWorkbench = create<WorkbenchState>(() => ({
  set: { phase: "loading" },
  engine: { phase: "off" },
  measurements: [],
  bySubject: new Map(),
  runs: [],
  running: null,
  fitted: null,
  fitting: false,
  fitProblem: null,
  recommended: null,
  notices: [],
}));

let nextNotice = 1;

export function notice(problem: Problem): void {
  useWorkbench.setState((s) => ({ notices: [...s.notices, { id: nextNotice++, problem }].slice(-20) }));
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
