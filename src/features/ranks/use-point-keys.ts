import type { KeyboardEvent } from "react";
import { hover, useHover } from "../../state/hover-store";
import { mixtureKey, type RankPoint } from "./rank-points";

/** Arrow keys step through points in the given order, Home and End jump, Enter picks. */
export function usePointKeys(ordered: readonly RankPoint[], onPick: (point: RankPoint) => void) {
  const current = useHover.getState;
  const point = (p: RankPoint | undefined) => p && hover({ kind: "mixture", alpha: p.alpha });
  const here = () => {
    const { subject } = current();
    return subject?.kind === "mixture" ? ordered.findIndex((p) => p.key === mixtureKey(subject.alpha)) : -1;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = here();
    const last = ordered.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: Math.min(last, at + 1),
      ArrowDown: Math.min(last, at + 1),
      ArrowLeft: Math.max(0, at - 1),
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    if (to !== undefined) point(ordered[to]);
    else if (event.key === "Enter" && at >= 0) onPick(ordered[at]!);
    else return;
    event.preventDefault();
  };
  const onFocus = () => {
    if (here() < 0) point(ordered[0]);
  };
  const onBlur = () => hover(null);
  return { tabIndex: 0, onKeyDown, onFocus, onBlur } as const;
}
