import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { useWorkbench } from "../../state/workbench-store";
import classes from "./SetPage.module.css";

/** Stands where the verdict will be while the weights are read, or when that failed. */
export function EngineState() {
  const engine = useWorkbench((s) => s.engine);
  const controller = useController();
  if (engine.phase === "failed") {
    return (
      <section className={classes.verdict} data-grade="poor" role="alert">
        <div>
          <p className={classes.verdictLine}>The weights could not be judged.</p>
          <p>{sentence(engine.problem)}</p>
          <button type="button" className={classes.button} onClick={() => void controller.warmUp()}>
            Start the engine again
          </button>
        </div>
      </section>
    );
  }
  const progress = engine.phase === "opening" ? engine.progress : null;
  return (
    <section className={classes.verdict} role="status">
      <div className={classes.grow}>
        <p className={classes.verdictLine}>
          {engine.phase === "opening" ? "Reading the weights …" : "The engine starts …"}
        </p>
        <p>
          {progress
            ? `${progress.done} of ${progress.total} ${progress.unit}: ${progress.what}`
            : "Update magnitudes and cosines appear as soon as every weight has been read and checked."}
        </p>
        {progress && <progress className={classes.progress} max={progress.total} value={progress.done} />}
      </div>
    </section>
  );
}
