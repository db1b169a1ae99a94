import { useController } from "../../state/controller-context";
import { useCurrentMeasured } from "../../state/hooks";
import { useMixture } from "../../state/mixture-store";
import { useWorkbench } from "../../state/workbench-store";
import { count } from "../../ui/format";
import classes from "./ExplorePage.module.css";

const sameMixture = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((x, i) => x === b[i]);

/** How far the measurement of this mixture is; while it runs, a button that stops it. */
export function MeasureStatus() {
  const controller = useController();
  const measured = useCurrentMeasured();
  const alpha = useMixture((s) => s.alpha);
  const running = useWorkbench(
    (s) => s.running?.subject.kind === "mixture" && sameMixture(s.running.subject.alpha, alpha),
  );
  const engine = useWorkbench((s) => s.engine);
  const { phase } = engine;
  const items = measured ? `${count(measured.done)} of ${count(measured.total)} items` : null;
  if (running) {
    return (
      <span className={classes.status}>
        <span className={classes.pulse} aria-hidden="true" />
        measuring{items ? ` · ${items}` : " …"}
        <button type="button" className={classes.link} onClick={() => controller.cancelMeasurement()}>
          Cancel
        </button>
      </span>
    );
  }
  if (measured?.complete)
    return <span className={classes.status}>measured · {count(measured.total)} items</span>;
  if (measured) {
    return (
      <span className={classes.status}>
        {items}
        <button type="button" className={classes.link} onClick={() => void controller.measureWanted()}>
          Go on
        </button>
      </span>
    );
  }
  const streamed = engine.phase === "ready" && engine.opened.streamed;
  if (phase === "failed") return <span className={classes.status}>engine failed: not measured</span>;
  if (phase !== "ready") return <span className={classes.status}>not measured · engine warming up</span>;
  return (
    <span className={classes.status}>
      not measured{streamed && " · reads all weights"}
      <button type="button" className={classes.link} onClick={() => void controller.measureWanted()}>
        Measure
      </button>
    </span>
  );
}
