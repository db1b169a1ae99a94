import type { SetInfo } from "../../core/checkpoint/component-set";
import { useWorkbench } from "../../state/workbench-store";

/** What the engine found in the weights; null until it has read them. */
export const useSetInfo = (): SetInfo | null =>
  useWorkbench((s) => (s.engine.phase === "ready" ? s.engine.opened.set : null));
