import { useController } from "../state/controller-context";
import { useWorkbench } from "../state/workbench-store";
import classes from "./Header.module.css";

/** The measurement in progress: items done, and Cancel. What is scored is kept. */
export function MeasuringStatus() {
  const running = useWorkbench((s) => s.running);
  const controller = useController();
  if (!running) return null;
  const { done, total, by, progress } = running;
  return (
    <div className={classes.measuring} data-testid="measuring">
      <span title="Items scored">
        <span className={classes.wordy}>{by === "search" ? "search measures " : "measuring "}</span>
        {done} / {total}
        {progress && (
          <span
            className={classes.wordy}
            title={`The model does not fit into memory, so it is read layer by layer: ${progress.what}`}
          >
            {" "}
            · step {progress.done} of {progress.total}
          </span>
        )}
      </span>
      <div
        className={classes.track}
        role="progressbar"
        aria-label="Measuring"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <div className={classes.fill} style={{ width: `${total > 0 ? (done / total) * 100 : 0}%` }} />
      </div>
      {by === "user" && (
        <button
          type="button"
          className={classes.button}
          title="Stop measuring; what is scored is kept"
          onClick={() => controller.cancelMeasurement()}
        >
          Cancel
        </button>
      )}
    </div>
  );
}
