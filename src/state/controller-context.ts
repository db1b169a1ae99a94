import { createContext, useContext } from "react";
import { type Controller, createController, type Parts } from "./controller";
import { createSearchRunner } from "./search-runner";
import type { SearchPlan } from "./search-store";

/** What a page may ask for: the controller's calls, and the search's. */
export interface Workbench extends Controller {
  startSearch(plan: SearchPlan): void;
  pauseSearch(): void;
  resumeSearch(): void;
  cancelSearch(): void;
}

export function createWorkbench(parts: Parts): Workbench {
  const controller = createController(parts);
  const search = createSearchRunner(controller);
  return {
    ...controller,
    startSearch: search.start,
    pauseSearch: search.pause,
    resumeSearch: search.resume,
    cancelSearch: search.cancel,
    async warmUp() {
      await controller.warmUp();
      search.restore();
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
