import { createContext, useContext } from "react";
import { type Controller, createController, type Parts } from "./controller";
import { createMemberFinder, type MemberFinder } from "./find-members";
import { createMergeOut, type MergeWriter } from "./merge-out";
import { useMixture } from "./mixture-store";
import { createSearchRunner } from "./search-runner";
import type { SearchPlan } from "./search-store";
import { createSetDesk, type DeskParts, type SetDesk } from "./set-desk";
import { createStorageControl, type StorageControl } from "./storage";
import { createTasksDesk, type TasksDesk } from "./tasks-desk";
import { useWorkbench } from "./workbench-store";

/** What a page may ask for: the controller's calls, and the search's. */
export interface Workbench extends Controller {
  readonly sets: SetDesk;
  readonly finder: MemberFinder;
  readonly mergeOut: MergeWriter;
  readonly storage: StorageControl;
  readonly tasks: TasksDesk;
  startSearch(plan: SearchPlan): void;
  pauseSearch(): void;
  resumeSearch(): void;
  cancelSearch(): void;
}

export function createWorkbench(parts: Parts, desk: Omit<DeskParts, "controller">): Workbench {
  const controller = createController(parts);
  const search = createSearchRunner(controller);
  controller.whenReady(search.restore);
  const writer = createMergeOut(controller.engine);
  // The engine does one thing after the other, and measuring a large model takes long: writing goes first.
  const mergeOut: MergeWriter = {
    ...writer,
    write: async (...merge) => {
      controller.cancelMeasurement();
      await writer.write(...merge);
      void controller.measureWanted();
    },
  };
  const tasks = createTasksDesk(controller);
  const sets = createSetDesk({ ...desk, controller });
  return {
    ...controller,
    sets,
    finder: createMemberFinder(controller, sets),
    mergeOut,
    storage: createStorageControl(controller.engine),
    tasks,
    startSearch: search.start,
    pauseSearch: search.pause,
    resumeSearch: search.resume,
    cancelSearch: search.cancel,
    connect() {
      const off = controller.connect();
      const offTasks = tasks.connect();
      const offMixture = useMixture.subscribe((now, before) => {
        if (now.method !== before.method) search.show();
      });
      const offSet = useWorkbench.subscribe((now, before) => {
        if (now.set === before.set || now.set.phase !== "ready") return;
        search.show();
        const known = before.set.phase === "ready" ? before.set.set.reference : null;
        if (known !== now.set.set.reference) mergeOut.forgetWrite();
      });
      return () => {
        offTasks();
        offMixture();
        offSet();
        off();
      };
    },
  };
}

const WorkbenchContext = createContext<Workbench | null>(null);

export const ControllerProvider = WorkbenchContext.Provider;

export function useController(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error("useController: no provider above this component");
  return workbench;
}
