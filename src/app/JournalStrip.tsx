import { useMemo } from "react";
import { useTargets } from "../state/hooks";
import { useView } from "../state/view-store";
import { useLoadedSet, useWorkbench } from "../state/workbench-store";
import { points } from "../ui/format";
import { JournalBars } from "./JournalBars";
import classes from "./JournalStrip.module.css";
import { journalBars, journalScale } from "./journal-bars";

/** Every measurement on this set, newest right. */
export function JournalStrip() {
  const { layout } = useLoadedSet();
  const measurements = useWorkbench((s) => s.measurements);
  const unstored = useWorkbench((s) => s.notices.some((n) => n.problem.kind === "quota"));
  const { view, target } = useView();
  const label = useTargets().find((t) => t.id === target)?.label ?? target;
  const bars = useMemo(
    () => journalBars(measurements, layout, view, target),
    [measurements, layout, view, target],
  );
  const scale = useMemo(() => journalScale(bars), [bars]);
  const n = measurements.length;
  const others = useWorkbench((s) => s.records.length) - n;
  return (
    <section className={classes.strip} aria-label="Journal" data-tour="journal">
      <div className={classes.head}>
        <h2>Journal</h2>
        <span data-testid="journal-count">
          {n} {n === 1 ? "measurement" : "measurements"}, {unstored ? "not all stored" : "none lost"}
          {others > 0 && ` · ${others} with other merge methods`}
        </span>
        {scale && (
          <span className={classes.scale}>
            height: {label}, {points(scale.low)} to {points(scale.high)}
          </span>
        )}
      </div>
      <JournalBars bars={bars} scale={scale} label={label} />
    </section>
  );
}
