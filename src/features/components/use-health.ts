import { useMemo } from "react";
import type { ComponentHealth, SetInfo } from "../../core/checkpoint/component-set";
import { useWorkbench } from "../../state/workbench-store";

/** A set whose weights were all read. */
export interface CheckedSet extends SetInfo {
  readonly health: readonly ComponentHealth[];
}

/** What the engine found when it opened the set; null before. */
export const useSetInfo = (): SetInfo | null =>
  useWorkbench((s) => (s.engine.phase === "ready" ? s.engine.opened.set : null));

/** What the engine found in the weights; null until it has read them all. */
export function useCheckedSet(): CheckedSet | null {
  const info = useSetInfo();
  return useMemo(() => (info?.health ? { ...info, health: info.health } : null), [info]);
}
